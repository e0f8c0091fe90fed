"""`python3 -m tools.restcli_table`: write the table of curl's and HTTPie's commands into docs/restcli.md."""

import json

from tools.workspace import ROOT

DATA = ROOT / "tests-integration" / "restcli" / "data" / "equivalents.json"
PAGE = ROOT / "docs" / "restcli.md"
SECTION = "<!-- table: tools/restcli_table.py -->"
END = "<!-- end of table -->"


def table() -> str:
    """The rows as Markdown."""
    lines = ["| theirs | restcli | differs |", "|---|---|---|"]
    for row in json.loads(DATA.read_text(encoding="utf-8")):
        differs = "; ".join(f"{name}: {why}" for name, why in row.get("differs", {}).items())
        cells = [f"`{row['theirs']}`", f"`{row['ours']}`", differs]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def rendered(page: str) -> str:
    """The page with the table as the data has it now."""
    before, _, rest = page.partition(SECTION)
    return f"{before}{SECTION}\n{table()}\n{END}{rest.partition(END)[2]}"


def main() -> None:
    """Rewrite the page."""
    PAGE.write_text(rendered(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
