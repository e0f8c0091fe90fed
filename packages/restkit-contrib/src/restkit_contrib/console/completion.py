"""Completions for bash, zsh and fish, from the parser."""

from __future__ import annotations

from .positionals import METHODS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

__all__ = ["completion"]

# A quote inside of single quotes: end them, quote it, begin again.
QUOTE = "'\\''"
SPECIAL = "'[]:"
FILES = ("FILE", "OUTPUT", "PATH")


def completion(parser: argparse.ArgumentParser, shell: str) -> str:
    """The completion for a shell: "bash", "zsh" or "fish"."""
    actions = [action for action in parser._actions if action.option_strings]
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](actions)


def _is_file(action: argparse.Action) -> bool:
    return action.metavar in FILES


def _choices(action: argparse.Action) -> list[str]:
    return [str(choice) for choice in action.choices or (sorted(METHODS) if action.dest == "method" else ())]


def _takes_value(action: argparse.Action) -> bool:
    return action.nargs != 0


def _bash(actions: list[argparse.Action]) -> str:
    names = " ".join(name for action in actions for name in action.option_strings)
    cases = "".join(
        f'        {"|".join(action.option_strings)}) COMPREPLY=($(compgen -W "{" ".join(_choices(action))}" -- "$word")); return;;\n'
        for action in actions
        if _choices(action)
    )
    files = "|".join(name for action in actions if _is_file(action) for name in action.option_strings)
    others = "|".join(
        name
        for action in actions
        if _takes_value(action) and not _is_file(action) and not _choices(action)
        for name in action.option_strings
    )
    return f"""# restcli --completion bash > ~/.local/share/bash-completion/completions/restcli
_restcli() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}"
    case "$before" in
{cases}        {files}) COMPREPLY=($(compgen -f -- "$word")); return;;
        {others}) return;;
    esac
    if [[ "$word" == -* ]]; then
        COMPREPLY=($(compgen -W "{names}" -- "$word"))
    else
        COMPREPLY=($(compgen -W "{" ".join(sorted(METHODS))}" -- "$word") $(compgen -f -- "$word"))
    fi
}}
complete -o filenames -F _restcli restcli
"""


def _zsh(actions: list[argparse.Action]) -> str:
    lines: list[str] = []
    for action in actions:
        names = action.option_strings
        repeated = "*" if action.dest in ("headers", "data", "resolve") else ""
        help_text = _quoted(action.help or "", SPECIAL)
        argument = ""
        if _takes_value(action):
            kind = (
                f"({' '.join(_choices(action))})"
                if _choices(action)
                else "_files"
                if _is_file(action)
                else " "
            )
            metavar = action.metavar if isinstance(action.metavar, str) else "URL"
            argument = ":" + _quoted(metavar or action.dest, SPECIAL) + f":{kind}"
        lines += [f"    '{repeated}{name}[{help_text}]{argument}' \\\n" for name in names]
    return f"""#compdef restcli
# restcli --completion zsh > "${{fpath[1]}}/_restcli"
_arguments -s -S \\
{"".join(lines)}    '1:url:_urls' \\
    '*:method, item or file:_files'
"""


def _quoted(text: str, chars: str) -> str:
    for char in chars:
        text = text.replace(char, QUOTE if char == "'" else "\\" + char)
    return text


def _fish(actions: list[argparse.Action]) -> str:
    lines = ["# restcli --completion fish > ~/.config/fish/completions/restcli.fish\n"]
    for action in actions:
        words = ["complete -c restcli"]
        names = action.option_strings
        words += [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in names]
        if _takes_value(action):
            words.append("-r" if _is_file(action) else "-x")
        if _choices(action):
            words.append(f"-a '{' '.join(_choices(action))}'")
        text = _quoted(action.help or "", "'")
        lines.append(f"{' '.join(words)} -d '{text}'\n")
    return "".join(lines)
