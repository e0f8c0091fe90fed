"""Every name that the 4.2.2 manual documents: there, of its kind, with its parameters in order and their defaults."""

import importlib
import inspect
import json
import re
from pathlib import Path

import pytest

DATA = json.loads((Path(__file__).parent / "data" / "documented_api.json").read_text())
# Documented modules that need an extra to be imported.
NAMES = [(module, name, entry) for module, names in DATA["modules"].items() for name, entry in names.items()]
MEMBERS = [
    (module, name, member, entry)
    for module, name, parent in NAMES
    for member, entry in parent.get("members", {}).items()
]
CALLABLE = {"function", "method", "classmethod", "staticmethod", "class", "exception"}


def documented(signature):
    """(name, default as text or None) of each parameter; varargs keep their stars."""
    inner = signature.strip()[1:-1]
    parts = re.findall(r"(?:[^,\[\]<>()]|\[[^\]]*\]|<[^>]*>|\([^)]*\))+", inner)
    found = []
    for part in filter(None, (each.strip() for each in parts)):
        name, _, default = part.partition("=")
        found.append((name.strip(), default.strip() or None))
    return found


def actual(obj):
    parameters = list(inspect.signature(obj).parameters.values())
    if parameters and parameters[0].name in ("self", "cls"):
        parameters = parameters[1:]
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return [
        (
            stars.get(each.kind, "") + each.name,
            None if each.default is each.empty else each.default,
            each.kind,
        )
        for each in parameters
    ]


# WebOb's own parameters stay: an application may be given.
INHERITED = {("restkit.contrib.webob_api", "Request", "get_response")}
# Left out, `quote` is what RFC 7578 and HTML ask for, and no longer url_quote: docs/migrating.md says so.
CHANGED_DEFAULTS = {"quote": "form_quote"}


def check_signature(obj, signature):
    wanted = documented(signature)
    found = actual(obj)
    positional = [
        (name, default)
        for name, default, kind in found
        if kind in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    ]
    assert [name for name, _ in positional] == [name for name, _ in wanted if not name.startswith("*")]
    stars = {name[: name.rfind("*") + 1] for name, _ in wanted if name.startswith("*")}
    assert stars <= {name[: name.rfind("*") + 1] for name, _, _ in found}
    for (name, default), (_, expected) in zip(positional, wanted, strict=False):
        if expected is None or expected.startswith("<"):
            continue
        shown = getattr(default, "__name__", repr(default))
        # An empty str became bytes where bytes are meant; a mutable default stands for none given.
        assert shown in (
            expected,
            expected.replace("''", "b''"),
            expected.replace("{}", "None"),
            CHANGED_DEFAULTS.get(name),
        )


@pytest.mark.parametrize(
    ("module", "name", "entry"), NAMES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_documented_name_is_there(module, name, entry):
    found = getattr(importlib.import_module(module), name)
    if entry["kind"] == "exception":
        assert issubclass(found, BaseException)
    if entry["kind"] in CALLABLE and entry.get("signature"):
        check_signature(found, entry["signature"])


@pytest.mark.parametrize(
    ("module", "name", "member", "entry"), MEMBERS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_documented_member_is_there(module, name, member, entry):
    owner = getattr(importlib.import_module(module), name)
    if entry["kind"] == "attribute":
        in_annotations = any(member in getattr(base, "__annotations__", {}) for base in owner.__mro__)
        in_slots = any(member in getattr(base, "__slots__", ()) for base in owner.__mro__)
        assert (
            hasattr(owner, member)
            or in_annotations
            or in_slots
            or f"self.{member} =" in inspect.getsource(owner)
        )
        return
    found = getattr(owner, member)
    assert callable(found)
    if (module, name, member) in INHERITED:
        assert all(
            each.default is not each.empty for each in list(inspect.signature(found).parameters.values())[1:]
        )
        return
    check_signature(found, entry["signature"])


BASES = [(module, name, base) for module, name, entry in NAMES for base in entry.get("bases", ())]


@pytest.mark.parametrize(("module", "name", "base"), BASES)
def test_the_documented_base_holds(module, name, base):
    if base.startswith("StringIO"):
        base = "io.BytesIO"
    home, _, attribute = base.rpartition(".")
    wanted = getattr(importlib.import_module(home or "builtins"), attribute)
    assert issubclass(getattr(importlib.import_module(module), name), wanted)


@pytest.mark.parametrize("module", DATA["modules"])
def test_a_name_is_the_very_object_of_its_home(module):
    meta = importlib.import_module(module)
    for name in DATA["modules"][module]:
        found = getattr(meta, name)
        home = getattr(found, "__module__", None)
        if home and home.startswith("restkit_"):
            assert getattr(importlib.import_module(home), name, found) is found


def test_the_counts_are_the_manual_s():
    assert len(DATA["modules"]) == 16
    assert len(NAMES) + len(MEMBERS) == 241


def test_the_examples_paths_work():
    import restkit.oauth2
    from restkit.conn import TConnectionManager
    from restkit.ext.wsgi_proxy import HostProxy
    from restkit.session import set_session
    from restkit.util import oauth2 as old

    assert TConnectionManager(nb_connections=10).max_size == 10
    assert HostProxy is importlib.import_module("restkit.contrib.wsgi_proxy").HostProxy
    assert set_session("thread").size == 0
    assert old.Consumer is restkit.oauth2.Consumer
    assert restkit.oauth2.OAuthFilter is importlib.import_module("restkit.oauth2.filter").OAuthFilter


def test_star_import_brings_the_documented_names():
    names: dict[str, object] = {}
    exec("from restkit import *", names)
    assert set(DATA["modules"]["restkit"]) <= set(names)


def test_the_modules_are_there_without_being_imported():
    import subprocess
    import sys

    program = "import restkit; print(restkit.conn.Connection.__name__, restkit.errors.RequestError.__name__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("Connection RequestError\n", "")
