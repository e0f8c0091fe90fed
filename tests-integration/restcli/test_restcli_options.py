"""Every option of restcli, as a user runs it: what is sent, what is printed."""

import base64
import json
import os
import socket
import stat
import subprocess
import threading
from pathlib import Path

import pytest
from commands import Shell
from recorder import Recorder, answer, unchunked

JSON = answer(b'{"b": 1.10, "a": ["\xc3\xa9"]}', "application/json")


def sent(recorder: Recorder, *, number: int = -1):
    return recorder.requests[number]


# -- the manual's options


def test_a_url_is_fetched_and_its_bytes_are_printed(shell: Shell, recorder: Recorder) -> None:
    body = bytes(range(256)) * 300
    recorder.routes["/"] = answer(body, "application/octet-stream")
    assert shell(recorder.url) == (0, body, "")


@pytest.mark.parametrize("flag", ["-H", "--header"])
def test_header_keeps_colons_and_repeats(flag: str, shell: Shell, recorder: Recorder) -> None:
    shell(flag, "X-Time: 10:20:30", flag, "X-Two:1", flag, "X-Two:2", recorder.url)
    fields = sent(recorder).fields
    assert ("X-Time", "10:20:30") in fields
    assert [value for name, value in fields if name == "X-Two"] == ["1", "2"]
    assert b"X-Time: 10:20:30\r\n" in sent(recorder).head


@pytest.mark.parametrize("arguments", [("-X", "delete"), ("--request", "DELETE")])
def test_request_is_the_method_in_capitals(arguments: tuple, shell: Shell, recorder: Recorder) -> None:
    shell(*arguments, recorder.url)
    assert sent(recorder).method == "DELETE"


def test_method_stands_behind_the_url(shell: Shell, recorder: Recorder) -> None:
    shell(recorder.url, "PURGE")
    assert sent(recorder).method == "PURGE"


@pytest.mark.parametrize("flag", ["-L", "--follow-redirect"])
def test_follow_redirect(flag: str, shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/old"] = answer(b"moved", status="302 Found", fields=[("Location", "/new")])
    recorder.routes["/new"] = answer(b"here")
    assert shell(recorder.url + "/old").out == b"moved"
    assert shell(flag, recorder.url + "/old").out == b"here"


@pytest.mark.parametrize("flag", ["-S", "--server-response"])
def test_server_response_is_fields_in_the_manuals_layout(flag: str, shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/x"] = answer(b"body", fields=[("X-A", "1")])
    url = recorder.url + "/x"
    fields = "Content-Type: text/plain\nContent-Length: 4\nX-A: 1\nConnection: close\n"
    expected = f"Server response from {url}:\n\n{fields}\n"
    assert shell(flag, url).text == expected
    assert shell(flag, "-o", "-", url).text == expected + "body"
    done = shell(flag, "-o", "file", url)
    assert (done.text, (shell.folder / "file").read_bytes()) == (expected, b"body")


def test_server_response_prettified_on_a_terminal(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(b"body")
    url = recorder.url + "/"
    fields = "".join(
        f"\033[94m{name}\033[0m: {value}\n"
        for name, value in [("Content-Type", "text/plain"), ("Content-Length", "4"), ("Connection", "close")]
    )
    expected = f"\n\033[0m\033[95mServer response from {url}:\n\033[0m\n{fields}\033[0m\n"
    assert shell.on_terminal("-S", "-p", url).text == expected
    assert "\033" not in shell("-S", "-p", url).text


@pytest.mark.parametrize("flag", ["-p", "--prettify"])
def test_prettify_into_a_pipe_indents_without_colour(flag: str, shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = JSON
    assert shell(flag, recorder.url).text == '{\n  "a": [\n    "é"\n  ],\n  "b": 1.10\n}\n'


def test_log_level(shell: Shell, recorder: Recorder) -> None:
    assert "response_started" in shell("--log-level", "debug", recorder.url).err
    assert shell("--log-level=error", recorder.url).err == ""


@pytest.mark.parametrize("flag", ["-i", "--input"])
def test_input_is_posted_with_its_type(flag: str, shell: Shell, recorder: Recorder) -> None:
    (shell.folder / "data.json").write_text("[1]")
    shell(flag, "data.json", recorder.url)
    assert (sent(recorder).method, sent(recorder).body) == ("POST", b"[1]")
    assert sent(recorder).field("Content-Type") == "application/json"


@pytest.mark.parametrize("arguments", [("-i", "-"), ("-",), ("PUT", "-")])
def test_a_hyphen_is_standard_input(arguments: tuple, shell: Shell, recorder: Recorder) -> None:
    shell(recorder.url, *arguments, stdin=b"from a pipe")
    assert unchunked(sent(recorder).body) == b"from a pipe"
    assert sent(recorder).method == ("PUT" if "PUT" in arguments else "POST")


def test_a_filename_behind_the_url_is_posted(shell: Shell, recorder: Recorder) -> None:
    (shell.folder / "GET").write_text("letters only")
    shell(recorder.url, "./GET")
    assert (sent(recorder).method, sent(recorder).body) == ("POST", b"letters only")


def test_standard_input_that_nobody_feeds_is_not_waited_for(shell: Shell, recorder: Recorder) -> None:
    with shell.start(recorder.url, "POST", stdin=subprocess.PIPE) as process:
        assert process.wait(30) == 0
    assert sent(recorder).body == b""


@pytest.mark.parametrize("flag", ["-o", "--output"])
def test_output_is_raw_and_atomic(flag: str, shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = JSON
    recorder.routes["/cut"] = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all"
    target = shell.folder / "out"
    assert shell(flag, "out", "-p", recorder.url) == (0, b"", "")
    assert target.read_bytes() == JSON.partition(b"\r\n\r\n")[2]
    shell.fails(18, flag, "out", recorder.url + "/cut")
    assert target.read_bytes() == JSON.partition(b"\r\n\r\n")[2]
    assert os.listdir(shell.folder) == ["out"]


def test_output_may_be_a_device(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(b"gone")
    assert shell("-o", "/dev/null", recorder.url) == (0, b"", "")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_version_and_help(shell: Shell) -> None:
    assert shell("--version").text.startswith("restcli 5.")
    for flag in ("-h", "--help"):
        text = shell(flag).text
        assert "restcli [options] url [METHOD] [filename]" in text
        assert "60 certificate" in text
        assert "name:=json" in text


# -- addresses


@pytest.mark.parametrize(
    ("given", "host"),
    [
        (":{port}/p", "localhost:{port}"),
        ("127.0.0.1:{port}/p", "127.0.0.1:{port}"),
        ("localhost:{port}/p", "localhost:{port}"),
    ],
)
def test_short_urls(given: str, host: str, shell: Shell, recorder: Recorder) -> None:
    assert shell(given.format(port=recorder.port)).code == 0
    assert (sent(recorder).target, sent(recorder).field("Host")) == ("/p", host.format(port=recorder.port))


def test_resolve(shell: Shell, recorder: Recorder) -> None:
    url = f"http://name.invalid:{recorder.port}/"
    assert shell("--resolve", f"name.invalid:{recorder.port}:127.0.0.1", url).code == 0
    assert sent(recorder).field("Host") == f"name.invalid:{recorder.port}"
    shell.fails(2, "--resolve", "nonsense", url)


def test_unix_socket(shell: Shell) -> None:
    path = str(shell.folder / "s")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer(b"by path"))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        assert shell("--unix-socket", path, "http://localhost/").out == b"by path"
        thread.join(10)


def test_address_families(shell: Shell, recorder: Recorder) -> None:
    assert shell("-4", f"localhost:{recorder.port}").code == 0
    shell.fails(6, "-6", recorder.url.replace("127.0.0.1", "only4.invalid"))


def test_proxy(shell: Shell, recorder: Recorder) -> None:
    assert shell("--proxy", recorder.url, "http://origin.invalid/p").code == 0
    assert sent(recorder).target == "http://origin.invalid/p"
    shell.variables["http_proxy"] = recorder.url
    assert shell("http://other.invalid/").code == 0
    assert sent(recorder).field("Host") == "other.invalid"


# -- bodies


@pytest.mark.parametrize(
    ("arguments", "kind", "body"),
    [
        (("a=1", "b:=[1, null]"), "application/json", b'{"a": "1", "b": [1, null]}'),
        (("--json", "a=1"), "application/json", b'{"a": "1"}'),
        (("--form", "a=1", "b=x y"), "application/x-www-form-urlencoded; charset=utf-8", b"a=1&b=x+y"),
        (("-d", "a=1", "--data", "b"), "application/x-www-form-urlencoded", b"a=1&b"),
        (("-j", "-d", "[1]"), "application/json", b"[1]"),
    ],
)
def test_bodies(arguments: tuple, kind: str, body: bytes, shell: Shell, recorder: Recorder) -> None:
    shell(recorder.url, *arguments)
    assert (sent(recorder).method, sent(recorder).field("content-type"), sent(recorder).body) == (
        "POST",
        kind,
        body,
    )


def test_multipart_with_files(shell: Shell, recorder: Recorder) -> None:
    (shell.folder / "a.txt").write_text("text")
    shell("--multipart", recorder.url, "title=Sea", "f@a.txt")
    body = sent(recorder).body
    assert b'name="title"\r\n\r\nSea\r\n' in body
    assert b'name="f"; filename="a.txt"' in body
    assert body.count(b"\r\n\r\ntext\r\n") == 1


def test_items_for_query_and_fields(shell: Shell, recorder: Recorder) -> None:
    shell(recorder.url + "/?z=0", "q==a b", "X-A:b:c")
    assert sent(recorder).target == "/?z=0&q=a+b"
    assert sent(recorder).field("X-A") == "b:c"
    assert sent(recorder).method == "GET"


def test_head_prints_the_head(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(b"", fields=[("X-A", "1")])
    for flag in ("-I", "--head"):
        assert shell(flag, recorder.url).text.startswith("HTTP/1.1 200 OK\nContent-Type: text/plain\n")
    assert sent(recorder).method == "HEAD"


# -- who we are


def test_user_and_bearer(shell: Shell, recorder: Recorder) -> None:
    for flag in ("-u", "--user"):
        shell(flag, "me:pass:word", recorder.url)
        assert sent(recorder).field("Authorization") == "Basic " + base64.b64encode(b"me:pass:word").decode()
    shell("--bearer", "t0ken", recorder.url)
    assert sent(recorder).field("Authorization") == "Bearer t0ken"


def test_a_missing_password_is_asked_for_on_a_terminal_only(shell: Shell, recorder: Recorder) -> None:
    assert "password is missing" in shell.fails(2, "-u", "me", recorder.url)
    done = shell.on_terminal("-u", "me", recorder.url, keys=b"hidden\n")
    assert done.code == 0
    assert sent(recorder).field("Authorization") == "Basic " + base64.b64encode(b"me:hidden").decode()


def test_digest(shell: Shell, recorder: Recorder) -> None:
    challenge = 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'
    recorder.routes["/"] = lambda request: [
        answer(b"in")
        if request.field("Authorization")
        else answer(status="401 Unauthorized", fields=[("WWW-Authenticate", challenge)])
    ]
    assert shell("-u", "me:secret", "--digest", recorder.url).out == b"in"
    assert sent(recorder).field("Authorization").startswith('Digest username="me"')


def test_netrc(shell: Shell, recorder: Recorder) -> None:
    netrc = shell.home / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    netrc.chmod(0o600)
    shell("--netrc", recorder.url)
    assert sent(recorder).field("Authorization") == "Basic " + base64.b64encode(b"me:secret").decode()
    shell(recorder.url)
    assert sent(recorder).field("Authorization") is None


def test_oauth(shell: Shell, recorder: Recorder) -> None:
    shell("--oauth", "key:secret:token:hush", recorder.url)
    authorization = sent(recorder).field("Authorization")
    assert 'oauth_consumer_key="key"' in authorization
    assert 'oauth_token="token"' in authorization
    shell.fails(2, "--oauth", "key", recorder.url)


@pytest.fixture
def provider(recorder: Recorder) -> list[str]:
    form = "application/x-www-form-urlencoded"
    temporary = b"oauth_token=req&oauth_token_secret=rs&oauth_callback_confirmed=true"
    recorder.routes["/request"] = answer(temporary, form)
    recorder.routes["/access"] = answer(b"oauth_token=acc&oauth_token_secret=as", form)
    return [
        "--oauth",
        "key:secret",
        "--oauth-login",
        *(recorder.url + path for path in ("/request", "/authorize", "/access")),
    ]


def test_oauth_login_by_pin(provider: list[str], shell: Shell, recorder: Recorder) -> None:
    done = shell.on_terminal(*provider, keys=b"1234\n")
    assert "/authorize?" in done.text
    assert done.text.splitlines()[-1].endswith("key:secret:acc:as")
    assert 'oauth_verifier="1234"' in sent(recorder).field("Authorization")


def test_oauth_login_by_callback_then_the_request(
    provider: list[str], shell: Shell, recorder: Recorder
) -> None:
    recorder.routes["/private"] = answer(b"yours")
    with shell.start(*provider, "--oauth-callback", "0", recorder.url + "/private") as process:
        assert process.stderr.readline() == b"Open this in a browser, and agree:\n"
        process.stderr.readline()
        authorization = sent(recorder, number=0).field("Authorization")
        port = int(authorization.partition("127.0.0.1%3A")[2].partition("%2F")[0])
        browser = shell(f"http://127.0.0.1:{port}/?oauth_token=req&oauth_verifier=v")
        assert b"go back to the terminal" in browser.out
        out, _ = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, b"yours")
    assert 'oauth_token="acc"' in sent(recorder).field("Authorization")


def test_oauth_login_needs_somebody_for_the_pin(provider: list[str], shell: Shell) -> None:
    done = shell(*provider)
    assert done.code == 26
    assert done.err.splitlines()[-1].startswith("An error happened: --oauth-login: nobody is there")


def test_session_keeps_cookies_and_fields_for_their_origin(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/login"] = answer(fields=[("Set-Cookie", "id=7; Path=/")])
    assert shell("--session", "work", recorder.url + "/login", "X-Key:abc", "Content-Type:a/b").code == 0
    shell("--session", "work", recorder.url + "/next")
    assert (sent(recorder).field("Cookie"), sent(recorder).field("X-Key")) == ("id=7", "abc")
    assert sent(recorder).field("Content-Type") is None
    shell("--session", "work", f"http://localhost:{recorder.port}/")
    assert (sent(recorder).field("Cookie"), sent(recorder).field("X-Key")) == (None, None)
    path = shell.home / ".config" / "restcli" / "sessions" / "work.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    shell.fails(2, "--session", "../up", recorder.url)
    path.write_text("[]")
    shell.fails(26, "--session", "work", recorder.url)


# -- time


def test_offline_leaves_a_session_as_it_is(shell: Shell, recorder: Recorder) -> None:
    assert shell("--offline", "--session", "s", recorder.url, "X-A:b").code == 0
    assert list(shell.home.rglob("*.json")) == []


def test_max_time_bounds_a_dripping_body(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = lambda _: drip()
    assert "--max-time" in shell.fails(28, "--max-time", "0.6", recorder.url)
    assert "--max-time" in shell.fails(28, "-m", "0.6", "-O", recorder.url)


def drip():
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    waiter = threading.Event()
    for _ in range(1000):
        yield b"x"
        waiter.wait(0.1)


def test_connect_timeout(shell: Shell) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        try:
            for each in waiting:
                each.setblocking(False)
                each.connect_ex(full.getsockname())
            line = shell.fails(28, "--connect-timeout", "0.4", f"http://127.0.0.1:{full.getsockname()[1]}/")
        finally:
            for each in waiting:
                each.close()
    assert "0.4 s" in line


def test_max_redirects(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/r"] = answer(status="302 Found", fields=[("Location", "/r")])
    shell.fails(47, "-L", "--max-redirects", "2", recorder.url + "/r")
    assert len(recorder.requests) == 3


def test_retry(shell: Shell, recorder: Recorder) -> None:
    replies = iter([answer(status="503 Busy"), answer(b"at last")])
    recorder.routes["/"] = lambda _: [next(replies)]
    done = shell("--retry", "2", recorder.url)
    assert (done.code, done.out) == (0, b"at last")
    assert "trying again after: 503 Busy" in done.err


# -- looking closer


def test_verbose_masks_secrets_and_shows_hops(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/old"] = answer(
        status="302 Found", fields=[("Location", "/new"), ("Set-Cookie", "id=s3cret")]
    )
    recorder.routes["/new"] = answer(b"body")
    for flag in ("-v", "--verbose"):
        done = shell(flag, "-L", "-u", "me:s3cret", recorder.url + "/old?token=s3cret", "a==1")
        assert done.out == b"body"
        lines = done.err.splitlines()
        assert lines[0].startswith("> GET /old?")
        assert "> Authorization: ***" in lines
        assert "< HTTP/1.1 302 Found" in lines
        assert "> GET /new HTTP/1.1" in lines
        assert "s3cret" not in done.err


def test_verbose_shows_what_was_really_sent(shell: Shell, recorder: Recorder) -> None:
    done = shell("-v", recorder.url, "a=1")
    shown = [
        line[2:] for line in done.err.splitlines() if line.startswith("> ") and not line.startswith("> [")
    ]
    assert shown == sent(recorder).head.decode().split("\r\n")[:-2]


def test_timing_draws_the_phases(shell: Shell, recorder: Recorder) -> None:
    lines = shell("--timing", recorder.url).err.splitlines()
    assert [line.split("  ")[0].strip() for line in lines] == [
        "name look-up", "connect", "TLS", "send", "wait", "body", "total"
    ]  # fmt: skip
    assert "█" in "".join(lines)
    assert {len(line) for line in lines[:-1]} == {78}


def test_offline_prints_the_exact_request(shell: Shell, recorder: Recorder) -> None:
    arguments = ("-u", "me:secret", recorder.url + "/p", "a=é", "q==1", "X-A:b")
    shell(*arguments)
    printed = shell("--offline", *arguments)
    assert printed.out == sent(recorder).head + sent(recorder).body
    assert len(recorder.requests) == 1
    printed = shell("--offline", recorder.url, "-", stdin=b"abc")
    shell(recorder.url, "-", stdin=b"abc")
    assert printed.out == sent(recorder).head + sent(recorder).body


def test_curl_prints_a_command_that_does_the_same(shell: Shell, recorder: Recorder) -> None:
    arguments = (recorder.url + "/p", "PUT", "a=it's", "X-A:b", "-u", "me:secret")
    command = shell("--curl", *arguments).text
    shell(*arguments)
    ours = sent(recorder)
    subprocess.run(["sh", "-c", command], check=True, capture_output=True, timeout=30)
    theirs = sent(recorder)
    assert (theirs.line, theirs.body) == (ours.line, ours.body)
    for name in ("X-A", "Authorization", "Content-Type", "Accept"):
        assert theirs.field(name) == ours.field(name)


def test_from_curl_does_what_curl_does(shell: Shell, recorder: Recorder) -> None:
    command = (
        f"curl -sSL '{recorder.url}/p?q=1' \\\n -X PATCH -H 'X-A: b' --data-raw 'c=d' --compressed -b 'k=v'"
    )
    assert shell("--from-curl", command).code == 0
    request = sent(recorder)
    assert (request.line, request.body) == ("PATCH /p?q=1 HTTP/1.1", b"c=d")
    assert (request.field("X-A"), request.field("Cookie")) == ("b", "k=v")
    assert shell("--from-curl", command, "--offline").out.startswith(b"PATCH /p?q=1")


def test_har(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/old"] = answer(status="302 Found", fields=[("Location", "/new")])
    recorder.routes["/new"] = answer(b"\xff\x00", "image/x")
    done = shell("-L", "--har", "x.har", "-u", "me:s3cret", recorder.url + "/old")
    assert done.out == b"\xff\x00"
    text = (shell.folder / "x.har").read_text()
    first, second = json.loads(text)["log"]["entries"]
    assert (first["response"]["status"], second["response"]["status"]) == (302, 200)
    assert base64.b64decode(second["response"]["content"]["text"]) == b"\xff\x00"
    assert "s3cret" not in text
    assert base64.b64encode(b"me:s3cret").decode() not in text


@pytest.mark.parametrize(("status", "code"), [(200, 0), (302, 3), (404, 4), (503, 5)])
def test_check_status(status: int, code: int, shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(b"body", status=f"{status} X")
    assert shell("--check-status", recorder.url)[:2] == (code, b"body")
    assert shell(recorder.url)[:2] == (0, b"body")


# -- configuration, completions, manual


def test_defaults_come_from_both_files_and_give_way_to_the_command_line(
    shell: Shell, recorder: Recorder
) -> None:
    folder = shell.home / ".config" / "restcli"
    folder.mkdir(parents=True)
    (folder / "config").write_text("# mine\nheader = X-A: 1\nmax-time = 20\nunknown = 3\n")
    (shell.home / ".restcli").write_text("Header2 = X-B: 2\nrequest = PUT\nserver-response = True\n\n")
    done = shell(recorder.url)
    assert done.text.startswith("Server response from ")
    assert sent(recorder).method == "PUT"
    assert (sent(recorder).field("X-A"), sent(recorder).field("X-B")) == ("1", "2")
    shell("-X", "POST", recorder.url)
    assert sent(recorder).method == "POST"


@pytest.mark.parametrize(
    ("text", "said"),
    [("no equals sign", "line 1"), ("a = b\nmax-time = soon", "soon"), ("log-level = loud", "loud")],
)
def test_bad_configuration(text: str, said: str, shell: Shell, recorder: Recorder) -> None:
    (shell.home / ".restcli").write_text(text)
    assert said in shell.fails(2, recorder.url)


def test_completions_name_every_option(shell: Shell) -> None:
    from restkit_contrib.console import options

    names = [name for action in options()._actions for name in action.option_strings if name.startswith("--")]
    for kind in ("bash", "zsh", "fish"):
        text = shell("--completion", kind).text
        assert [name for name in names if name[2:] not in text] == []


def test_the_bash_completion_completes(shell: Shell) -> None:
    (shell.folder / "c").write_text(shell("--completion", "bash").text)
    script = 'source ./c; COMP_WORDS=(restcli --off); COMP_CWORD=1; _restcli; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-c", script], cwd=shell.folder, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.strip() == "--offline"


def test_the_manual_page_is_clean(shell: Shell) -> None:
    from servers.requirements import require_program

    man = require_program("man", "apt-get install man-db groff")
    (shell.folder / "r.1").write_text(shell("--man").text)
    done = subprocess.run(
        [man, "--warnings", "-E", "UTF-8", "-l", "r.1"],
        cwd=shell.folder,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stderr == ""
    assert "--oauth-login" in done.stdout


def test_module_is_the_same_command(shell: Shell) -> None:
    import sys

    assert shell("-m", "restkit_contrib.console", "--version", program=sys.executable).text.startswith(
        "restcli 5."
    )


def test_every_option_is_tested() -> None:
    """Each long option stands in some test of this folder."""
    from restkit_contrib.console import options

    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    missing = [
        action.option_strings[-1]
        for action in options()._actions
        if action.option_strings and not any(f'"{name}' in tests for name in action.option_strings)
    ]
    assert missing == []
