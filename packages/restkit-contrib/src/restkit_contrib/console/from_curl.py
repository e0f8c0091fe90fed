"""--from-curl: a curl command, as browsers copy it, into restcli's arguments."""

from __future__ import annotations

import shlex

from .exit_codes import UsageError

__all__ = ["read_curl"]

# curl's option → ours, with one value.
VALUES = {
    "-X": "-X", "--request": "-X", "-H": "-H", "--header": "-H", "-u": "-u", "--user": "-u", "-o": "-o",
    "--output": "-o", "-m": "--max-time", "--max-time": "--max-time", "--connect-timeout": "--connect-timeout",
    "--max-redirs": "--max-redirects", "--retry": "--retry", "-x": "--proxy", "--proxy": "--proxy",
    "--cacert": "--cacert", "-E": "--cert", "--cert": "--cert", "--key": "--key", "--resolve": "--resolve",
    "--unix-socket": "--unix-socket", "--oauth2-bearer": "--bearer", "-T": "-i", "--upload-file": "-i",
}  # fmt: skip
FLAGS = {
    "-L": "-L", "--location": "-L", "-k": "-k", "--insecure": "-k", "-I": "-I", "--head": "-I", "-v": "-v",
    "--verbose": "-v", "-n": "--netrc", "--netrc": "--netrc", "--digest": "--digest", "-O": "-O", "-4": "-4",
    "--remote-name": "-O", "-6": "-6", "--ipv4": "-4", "--ipv6": "-6", "-f": "--check-status",
    "--fail": "--check-status",
}  # fmt: skip
# What restcli does, or does not, anyway.
IGNORED = {"-s", "--silent", "-S", "--show-error", "--compressed", "--basic", "-#", "--progress-bar", "-N",
           "--no-buffer", "--http1.1", "--no-keepalive", "-g", "--globoff", "-q"}  # fmt: skip
DATA = {"-d", "--data", "--data-ascii", "--data-raw", "--data-binary", "--data-urlencode", "--json"}
FIELDS = {"-A": "User-Agent", "--user-agent": "User-Agent", "-e": "Referer", "--referer": "Referer",
          "-b": "Cookie", "--cookie": "Cookie"}  # fmt: skip
OTHER = {"-F", "--form", "--form-string", "-G", "--get", "--url"}


def read_curl(command: str) -> list[str]:
    """The arguments for restcli that do what a curl command does; the URL, and what belongs to it, last.

    Raises:
        UsageError: it is no curl command, or has an option that restcli has not.
    """
    try:
        words = shlex.split(command.replace("\\\n", " "))
    except ValueError as error:
        raise UsageError(f"--from-curl: {error}") from error
    if not words or words[0].rpartition("/")[2] not in ("curl", "curl.exe"):
        raise UsageError("--from-curl takes a command that begins with curl")
    reader = _Reader()
    reader.read(words[1:])
    return reader.arguments()


class _Reader:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.url = ""
        self.data: list[str] = []
        self.items: list[str] = []
        self.get = False
        self.has_method = False

    def arguments(self) -> list[str]:
        if not self.url:
            raise UsageError("--from-curl: the command has no url")
        tail: list[str] = []
        if self.items:
            tail = ["--multipart"]
        elif self.data and self.get:
            self.items = []
            joint = "&" if "?" in self.url else "?"
            self.url += joint + "&".join(self.data)
        elif self.data:
            tail = [f"--data={text}" for text in self.data]
        if "-i" in self.found and not self.has_method:
            tail += ["-X", "PUT"]
        return [*self.found, *tail, self.url, *self.items]

    def read(self, words: list[str]) -> None:
        waiting = list(reversed(words))
        while waiting:
            word = waiting.pop()
            if not word.startswith("-") or word == "-":
                self._take_url(word)
                continue
            name, value = self._split(word, waiting)
            self._take(name, value, waiting)

    def _split(self, word: str, waiting: list[str]) -> tuple[str, str | None]:
        """An option, and the value that is written together with it: `-XPOST`, `-sSL`."""
        if word.startswith("--"):
            return word, None
        name, rest = word[:2], word[2:]
        if rest and (name in FLAGS or name in IGNORED or name in OTHER - {"-F"}):
            waiting.append(f"-{rest}")
            return name, None
        return name, rest or None

    def _take(self, name: str, value: str | None, waiting: list[str]) -> None:
        if name in FLAGS:
            self.found.append(FLAGS[name])
        elif name in IGNORED:
            return
        elif name in ("-G", "--get"):
            self.get = True
        else:
            if name not in VALUES and name not in DATA and name not in FIELDS and name not in OTHER:
                raise UsageError(f"--from-curl: restcli has nothing for curl's {name}")
            if value is None and not waiting:
                raise UsageError(f"--from-curl: {name} has no value")
            self._take_value(name, waiting.pop() if value is None else value)

    def _take_value(self, name: str, value: str) -> None:
        if name in DATA:
            self._take_data(name, value)
        elif name in FIELDS:
            if FIELDS[name] == "Cookie" and "=" not in value:
                raise UsageError("--from-curl: a cookie file is not read; --session keeps cookies")
            self.found += ["-H", f"{FIELDS[name]}: {value}"]
        elif name == "--url":
            self._take_url(value)
        elif name in OTHER:
            self._take_part(name, value)
        else:
            self.has_method = self.has_method or VALUES[name] == "-X"
            self.found += [VALUES[name], value]

    def _take_url(self, url: str) -> None:
        if self.url:
            raise UsageError("--from-curl: two urls; restcli asks for one at a time")
        self.url = url

    def _take_data(self, name: str, value: str) -> None:
        if name == "--json":
            self.found.append("--json")
        if name == "--data-urlencode":
            from urllib.parse import quote

            key, mark, text = value.partition("=")
            value = f"{key}{mark}{quote(text, safe='')}" if mark and key else quote(text or key, safe="")
        if value.startswith("@") and name == "--data-raw":
            raise UsageError("--from-curl: data that begins with @ is written to a file first: -i FILE")
        self.data.append(value)

    def _take_part(self, name: str, value: str) -> None:
        key, mark, text = value.partition("=")
        if not mark:
            raise UsageError(f"--from-curl: {name} {value!r} is not of the form name=content")
        for char in "\\=:@":
            key = key.replace(char, f"\\{char}")
        if name == "--form-string" or text[:1] not in ("@", "<"):
            self.items.append(f"{key}={text}")
        else:
            self.items.append(f"{key}{'@' if text[0] == '@' else '=@'}{text[1:]}")
