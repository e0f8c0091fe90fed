"""The package's names, imports and README."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import restkit_oauth2

PACKAGE = Path(__file__).parents[1]
DOCUMENTED = [
    "Consumer",
    "Error",
    "MissingSignature",
    "OAuthFilter",
    "Request",
    "SignatureMethod",
    "SignatureMethod_HMAC_SHA1",
    "SignatureMethod_PLAINTEXT",
    "Token",
    "build_authenticate_header",
    "build_xoauth_string",
    "escape",
    "generate_nonce",
    "generate_timestamp",
    "generate_verifier",
    "setter",
    "to_unicode",
    "to_unicode_if_string",
    "to_unicode_optional_iterator",
    "to_utf8",
    "to_utf8_if_string",
    "to_utf8_optional_iterator",
]


OWN = "before = set(sys.modules); import restkit_oauth2; after = set(sys.modules) - before"


def run(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=50
    )
    return done.stdout


def test_the_manuals_names_are_there():
    assert set(DOCUMENTED) <= set(restkit_oauth2.__all__)


@pytest.mark.parametrize("name", restkit_oauth2.__all__)
def test_every_public_name_is_there_and_documented(name):
    found = getattr(restkit_oauth2, name)
    assert found.__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'restkit_oauth2' has no attribute 'nothing'"):
        restkit_oauth2.nothing  # noqa: B018


def test_the_filter_module_and_the_protocols():
    from restkit_oauth2.filter import OAuthFilter
    from restkit_oauth2.protocols import NonceStore, Send

    assert OAuthFilter is restkit_oauth2.OAuthFilter
    assert NonceStore.__doc__
    assert Send.__doc__


def test_a_name_that_was_used_is_not_looked_for_again():
    first = restkit_oauth2.explain
    assert vars(restkit_oauth2)["explain"] is first


def test_importing_brings_in_nothing_that_costs():
    """`site` may have loaded some of these already, so what counts is what the import adds."""
    added = set(run(f"import sys; {OWN}; print(*after)").split())
    heavy = {
        "typing",
        "re",
        "hashlib",
        "hmac",
        "secrets",
        "random",
        "base64",
        "urllib.parse",
        "dataclasses",
        "ssl",
    }
    assert not added & heavy
    assert not added & {"restkit_oauth2.verifying", "restkit_oauth2.flow", "restkit_oauth2.rsa"}


def test_nothing_but_the_standard_library_is_imported():
    allowed = sys.stdlib_module_names | {"restkit_oauth2"}
    for path in (PACKAGE / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names.append(node.module)
            tops = {name.partition(".")[0] for name in names}
            # The extra `rsa`, and only there.
            assert tops <= allowed | ({"cryptography"} if path.name == "rsa.py" else set()), path


def test_the_modules_use_only_those_before_them():
    text = restkit_oauth2.__doc__.split("before it: ")[1].split(". `protocols`")[0]
    names = [
        name
        for name in re.findall(r"\b[a-z_]+\b", text)
        if (PACKAGE / "src/restkit_oauth2" / f"{name}.py").is_file()
    ]
    files = {path.stem for path in (PACKAGE / "src/restkit_oauth2").glob("*.py")}
    assert set(names) == files - {"__init__", "protocols"}
    for at, name in enumerate(names):
        tree = ast.parse((PACKAGE / f"src/restkit_oauth2/{name}.py").read_text())
        typing_only = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level and id(node) not in typing_only:
                assert node.module in names[:at], (name, node.module)


def test_where_things_happen_names_what_exists():
    rows = re.findall(r"^\| ([a-z_.]+) \| [^-]", restkit_oauth2.__doc__, re.MULTILINE)[1:]
    assert len(rows) >= 4
    for row in rows:
        module, _, name = row.partition(".")
        found = __import__(f"restkit_oauth2.{module}", fromlist=["_"])
        assert not name or hasattr(found, name)


def readme_examples():
    text = (PACKAGE / "README.md").read_text()
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def test_the_readmes_example_runs():
    example = readme_examples()[0]
    space = {}
    exec(compile(example, "README.md", "exec"), space)
    assert space["found"].token.key == "token-key"


def test_the_readme_has_three_line_senders():
    """They are run against a provider in tests-integration."""
    senders = [text for text in readme_examples() if "def send(" in text]
    assert len(senders) == 3
    for sender in senders:
        lines = [line for line in sender.strip().splitlines() if line and not line.startswith("import ")]
        assert len(lines) == 3, sender


def test_the_changelog_has_the_version():
    assert f"## {restkit_oauth2.__version__} " in (PACKAGE / "CHANGELOG.md").read_text()
