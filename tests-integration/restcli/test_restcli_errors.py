"""Bad input and bad peers: one line, that names what is wrong, and the number that --help promises."""

import socket
from pathlib import Path

import pytest
from commands import Shell
from recorder import Recorder, answer

from servers.certificates import Certificates
from servers.nginx import Nginx
from servers.process import free_port

USAGE = {
    "no url": ((), "url"),
    "unknown option": (("--nope", "URL"), "--nope"),
    "no value": (("URL", "-H"), "expected one argument"),
    "two filenames": (("URL", "a.txt", "b.txt"), "two filenames"),
    "two methods": (("URL", "GET", "PUT"), "two methods"),
    "method first": (("POST", "URL"), "the url stands first"),
    "header without colon": (("-H", "nonsense", "URL"), "Name: value"),
    "header with CRLF": (("-H", "X-A: a\r\nHost: b", "URL"), "X-A"),
    "header with NUL item": (("URL", "X-A:a\x01b"), "X-A"),
    "header name with a space": (("-H", "X A: b", "URL"), "X A"),
    "method that is no token": (("-X", "G(T", "URL"), "G(T"),
    "invalid JSON item": (("URL", "a:={"), "no JSON"),
    "item without a name": (("URL", "=b"), "no name"),
    "two bodies": (("-d", "x", "URL", "a=1"), "more than one body"),
    "two kinds": (("--json", "--form", "URL", "a=1"), "exclude"),
    "negative time": (("-m", "-1", "URL"), "-m"),
    "no number": (("--retry", "often", "URL"), "often"),
    "url without host": (("http:///path",), "host"),
    "url of another scheme": (("ftp://example.com/",), "ftp"),
    "url with a space in the host": (("http://a b/",), "host"),
    "path only": (("/some/path",), "scheme"),
    "bad port": (("http://localhost:99999/",), "99999"),
    "bad proxy": (("-x", "gopher://x", "URL"), "gopher"),
    "curl option we lack": (("--from-curl", "curl --ntlm x"), "--ntlm"),
    "no curl command": (("--from-curl", "wget x"), "curl"),
    "unfinished quote": (("--from-curl", "curl 'x"), "quotation"),
    "nothing to go on with": (("--continue", "URL"), "-o FILE"),
    "an archive of a download": (("-O", "--har", "x", "URL"), "--har"),
    "digest of nobody": (("--digest", "URL"), "--user"),
    "oauth login of nobody": (("--oauth-login", "a", "b", "c", "URL"), "--oauth"),
    "unknown shell": (("--completion", "csh"), "csh"),
}  # fmt: skip

FILES = {
    "unreadable file": (26, ("URL", "missing.txt"), "missing.txt"),
    "a folder": (26, ("-i", ".", "URL"), "directory"),
    "file of an item": (26, ("URL", "f@missing.png"), "missing.png"),
    "text of an item": (26, ("URL", "a=@missing.txt"), "missing.txt"),
    "data": (26, ("-d", "@missing.txt", "URL"), "missing.txt"),
    "authorities": (26, ("--cacert", "missing.pem", "URL"), "missing.pem"),
    "certificate": (26, ("--cert", "missing.pem", "URL"), "missing.pem"),
    "key": (26, ("--cert", "note", "--key", "missing.pem", "URL"), "missing.pem"),
    "netrc": (26, ("--netrc", "URL"), "netrc"),
    "unwritable output": (23, ("-o", "no/such/folder/x", "URL"), "no/such/folder"),
    "unwritable archive": (23, ("--har", "no/such/x.har", "URL"), "no/such/x.har"),
    "output is a folder": (23, ("-o", ".", "URL"), "written"),
}  # fmt: skip

ANSWERS = {
    "no HTTP": (8, b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "SSH-2.0"),
    "broken field": (8, b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "colon"),
    "broken length": (8, b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "Content-Length"),
    "broken chunk": (8, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", ""),
    "empty answer": (52, b"", ""),
    "cut head": (18, b"HTTP/1.1 200 OK\r\nContent-", ""),
    "cut body": (18, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot so many", "100"),
    "cut chunks": (18, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", ""),
    "words that move the cursor": (8, b"\x1b[2J\x07evil\r\n\r\n", "evil"),
}


def placed(arguments: tuple, recorder: Recorder) -> list[str]:
    return [word.replace("URL", recorder.url) for word in arguments]


@pytest.mark.parametrize("case", USAGE)
def test_usage(case: str, shell: Shell, recorder: Recorder) -> None:
    arguments, said = USAGE[case]
    assert said in shell.fails(2, *placed(arguments, recorder))
    assert recorder.requests == []


@pytest.mark.parametrize("case", FILES)
def test_files(case: str, shell: Shell, recorder: Recorder) -> None:
    code, arguments, said = FILES[case]
    (shell.folder / "note").write_text("x")
    assert said in shell.fails(code, *placed(arguments, recorder))


@pytest.mark.parametrize("case", ANSWERS)
def test_answers(case: str, shell: Shell, recorder: Recorder) -> None:
    code, reply, said = ANSWERS[case]
    recorder.routes["/"] = reply
    line = shell.fails(code, recorder.url)
    assert said in line
    assert "\x1b" not in line


def test_a_body_that_is_no_gzip(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = answer(b"not gzip", fields=[("Content-Encoding", "gzip")])
    shell.fails(1, recorder.url)


def test_name_not_found(shell: Shell) -> None:
    assert "no-such-host.invalid" in shell.fails(6, "no-such-host.invalid")


def test_no_connection(shell: Shell) -> None:
    assert "refused" in shell.fails(7, f":{free_port()}")
    assert "proxy" in shell.fails(7, "-x", f"http://127.0.0.1:{free_port()}", "http://origin.invalid/")
    shell.fails(7, "--unix-socket", "missing.sock", "http://localhost/")


def test_certificates(shell: Shell, nginx: Nginx, certificates: Certificates) -> None:
    trusted = ("--cacert", str(certificates.authority))
    url = nginx.tls_url + "/small.txt"
    shell.variables["SSL_CERT_FILE"] = "/nonexistent"
    assert "--cacert" in shell.fails(60, url)
    assert "localhost" in shell.fails(60, *trusted, nginx.wrong_name_url)
    assert shell(*trusted, url).code == 0
    done = shell("--insecure", url)
    assert done.code == 0
    assert "not verified" in done.err
    assert shell("-k", url).out == shell(*trusted, url).out


def test_our_certificate_is_sent(shell: Shell, nginx: Nginx, certificates: Certificates) -> None:
    pem = str(certificates.server)
    arguments = ("--cacert", str(certificates.authority), "--cert", pem, "--key", pem)
    assert shell(*arguments, nginx.tls_url + "/small.txt").code == 0


def test_a_plain_port_is_no_tls(shell: Shell, nginx: Nginx) -> None:
    assert "does not speak TLS" in shell.fails(35, nginx.url.replace("http:", "https:"))


def test_a_silent_server(shell: Shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        line = shell.fails(28, "--max-time", "0.5", f":{silent.getsockname()[1]}")
    assert "0.5 s" in line


def test_secrets_are_in_no_message(shell: Shell, recorder: Recorder) -> None:
    recorder.routes["/"] = b"nonsense\r\n\r\n"
    closed = f"127.0.0.1:{free_port()}"
    for url in (recorder.url.replace("//", "//me:s3cret@"), f"http://me:s3cret@{closed}/?token=s3cret"):
        assert "s3cret" not in shell("--log-level", "debug", "-v", url).err
    (shell.home / ".restcli").write_text("Authorization: s3cret")
    assert "s3cret" not in shell.fails(2, closed)


def test_the_shell_needs_a_url_that_can_be_requested(shell: Shell) -> None:
    done = shell("--shell", "http:///nothing", stdin=b"")
    assert done.code == 2
    assert "Traceback" not in done.err


def test_the_shell_opens_on_the_url(shell: Shell, recorder: Recorder) -> None:
    done = shell("--shell", recorder.url + "/start", stdin=b"get()\nexit()\n")
    assert done.code == 0, done
    assert recorder.requests[0].target == "/start"


def test_help_tells_every_number(shell: Shell) -> None:
    from restkit_contrib.console.exit_codes import ERRORS, INPUT, OUTPUT

    text = shell("--help").text.partition("exit codes:")[2]
    numbers = {code for code, _ in ERRORS.values()} | {INPUT, OUTPUT, 0, 1, 130}
    assert [number for number in numbers if f"{number} " not in text] == []


def test_this_folder_is_not_written_to(shell: Shell, recorder: Recorder) -> None:
    shell(recorder.url)
    assert list(Path(shell.folder).iterdir()) == []
    assert list(Path(shell.home).iterdir()) == []
