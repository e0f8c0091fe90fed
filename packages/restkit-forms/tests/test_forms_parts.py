"""BoundaryItem: the manual's methods, the header of a part, what is refused."""

import io
from decimal import Decimal

import pytest

from restkit_forms import (
    BoundaryItem,
    FormError,
    InvalidBoundary,
    InvalidPart,
    MultipartForm,
    form_quote,
    url_quote,
)
from restkit_forms.media_types import media_type_of

TEXT = b'--B\r\nContent-Disposition: form-data; name="n"\r\n\r\nv\xc3\xa9\r\n'
FILE = (
    b'--B\r\nContent-Disposition: form-data; name="n"; filename="f.txt"\r\nContent-Type: text/plain\r\n'
    b"Content-Length: 3\r\n\r\nabc\r\n"
)


def test_a_text_value_has_no_type_and_no_length():
    item = BoundaryItem("n", "vé")
    assert item.encode("B") == TEXT
    assert item.encode_hdr("B") == TEXT[: TEXT.index(b"v\xc3")]
    assert item.encode_unreadable_value("vé") == b"v\xc3\xa9"
    assert b"".join(item.iter_encode("B")) == TEXT
    assert (item.name, item.value, item.size, item.fname, item.filetype, item.quote) == (
        "n",
        "vé",
        3,
        None,
        None,
        form_quote,
    )


def test_the_manuals_order_of_arguments():
    item = BoundaryItem("n", b"abc", "f.txt", "text/plain", 3, url_quote)
    assert item.encode("B") == FILE
    assert (item.size, item.fname, item.filetype, item.quote) == (3, "f.txt", "text/plain", url_quote)


def test_blocks_are_as_large_as_asked(tmp_path):
    path = tmp_path / "f.txt"
    path.write_bytes(b"x" * 100)
    item = BoundaryItem("n", path)
    blocks = list(item.iter_encode("B", blocksize=30))
    assert [len(block) for block in blocks[1:-1]] == [30, 30, 30, 10]
    assert b"".join(blocks) == item.encode("B")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (5, b"5"),
        (2.5, b"2.5"),
        (True, b"True"),
        (None, b""),
        (Decimal("1.50"), b"1.50"),
        (b"\xff", b"\xff"),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"ab"), b"ab"),
        ("", b""),
    ],
    ids=repr,
)
def test_simple_values_are_plain_fields(value, sent):
    assert BoundaryItem("n", value).encode("B") == TEXT.replace(b"v\xc3\xa9", sent)


def test_a_name_may_be_bytes_or_a_number():
    assert b'name="\xc3\xa9"' in BoundaryItem("é".encode(), "v").encode_hdr("B")
    assert b'name="7"' in BoundaryItem(7, "v").encode_hdr("B")


NAMES = [
    ('a"b', "a%22b"),
    ("a\r\nb", "a%0D%0Ab"),
    ("a b", "a b"),
    ("a%22", "a%22"),
    ("a\\b", "a\\b"),
    ("a\\", "a%5C"),
    ("é💩", "é💩"),
    ("\u010d", "\u010d"),  # its low byte is CR's
    ("a;b=c", "a;b=c"),
    ("", ""),
]


@pytest.mark.parametrize(("name", "written"), NAMES, ids=ascii)
def test_names_and_filenames_follow_html(name, written):
    head = BoundaryItem(name, b"", name).encode_hdr("B")
    assert f'; name="{written}"; filename="{written}"\r\n'.encode() in head
    plain = MultipartForm([(name, "v")], "B").read()
    assert plain == BoundaryItem(name, "v").encode("B") + b"--B--\r\n"


def test_quote_is_for_names_and_not_for_filenames():
    head = BoundaryItem("a b/é", b"", "a b/é", quote=url_quote).encode_hdr("B")
    assert 'name="a%20b/%C3%A9"; filename="a b/é"'.encode() in head
    assert b'name="a%20b"' in MultipartForm({"a b": "1"}, quote=url_quote).read()
    assert b'name="A"' in MultipartForm({"a": "1"}, quote=str.upper).read()


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("a\0b", form_quote),
        ("a\r\nb", str),
        ("a\nb", lambda text: text),
        ('a"b', lambda text: text),
        ('a\\\\"b', lambda text: text),
        ("a\ud800", form_quote),
    ],
    ids=ascii,
)
def test_what_would_break_out_of_the_header_is_refused(name, quote):
    for refused in (
        lambda: BoundaryItem(name, "v", quote=quote).encode("B"),
        lambda: MultipartForm([(name, "v")], quote=quote).read(),
        lambda: MultipartForm([(name, b"v")], quote=quote).content_length,
    ):
        with pytest.raises(FormError):
            refused()


def test_a_quotation_mark_that_quote_escaped_may_pass():
    head = BoundaryItem('a"b\\', "v", quote=lambda s: s.replace("\\", "\\\\").replace('"', '\\"')).encode_hdr(
        "B"
    )
    assert b'name="a\\"b\\\\"' in head


@pytest.mark.parametrize("bad", ["\r", "\n", "\0", "\r\nX-Evil: 1"], ids=ascii)
@pytest.mark.parametrize(
    "part",
    [
        lambda bad: BoundaryItem("n", "v", filetype=f"text/plain{bad}"),
        lambda bad: BoundaryItem("n", "v", headers={"X-A": f"1{bad}"}),
        lambda bad: BoundaryItem("n", "v", headers={f"X-A{bad}": "1"}),
        lambda bad: BoundaryItem("n", "v", headers={"Content-Type": f"a/b{bad}"}),
        lambda bad: BoundaryItem("n", "v", headers={"": "1"}),
        lambda bad: BoundaryItem("n", "v", disposition=f"attachment{bad}"),
        lambda bad: BoundaryItem("n", "v", "file\0").encode("B"),
    ],
)
def test_fields_that_would_inject_are_refused(part, bad):
    with pytest.raises(InvalidPart, match=r"part 'n'|filename"):
        part(bad)


def test_more_fields_go_out_in_order_and_as_spelt():
    item = BoundaryItem(
        "n", b"v", "f", headers=[("X-B", "2"), ("x-a", "é"), ("Content-Type", "a/b"), ("X-B", "3")]
    )
    lines = item.encode_hdr("B").decode().split("\r\n")
    assert lines[2:] == ["Content-Type: a/b", "Content-Length: 1", "X-B: 2", "x-a: é", "X-B: 3", "", ""]
    assert item.filetype == "a/b"


def test_the_arguments_win_over_the_fields():
    assert BoundaryItem("n", b"v", filetype="c/d", headers={"content-type": "a/b"}).filetype == "c/d"


def test_content_disposition_can_not_be_given_twice():
    with pytest.raises(InvalidPart, match="made from name and filename"):
        BoundaryItem("n", "v", headers={"content-disposition": "x"})


def test_a_length_that_is_no_number_is_refused():
    with pytest.raises(InvalidPart, match="Content-Length"):
        BoundaryItem("n", iter([b"v"]), headers={"Content-Length": "five"})


def test_a_form_field_needs_a_name_and_other_parts_do_not():
    with pytest.raises(InvalidPart, match="needs a name"):
        BoundaryItem(None, "v")
    assert BoundaryItem(None, "v", disposition="attachment").encode("B") == b"--B\r\n\r\nv\r\n"
    head = BoundaryItem(None, b"v", "f.bin", disposition="attachment").encode_hdr("B")
    assert b'\r\nContent-Disposition: attachment; filename="f.bin"\r\n' in head


def test_filename_star_is_sent_only_when_asked_for_and_needed():
    assert b"filename*" not in BoundaryItem("n", b"", "é").encode_hdr("B")
    asked = BoundaryItem("n", b"", "é x", filename_star=True).encode_hdr("B")
    assert "filename=\"é x\"; filename*=UTF-8''%C3%A9%20x\r\n".encode() in asked
    assert b"filename*" not in BoundaryItem("n", b"", "e", filename_star=True).encode_hdr("B")
    assert b"filename*" in MultipartForm({"n": ("é", b"")}, filename_star=True).read()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", "text/plain"),
        ("A.PNG", "image/png"),
        ("a.tar.gz", "application/gzip"),
        ("a.tgz", "application/gzip"),
        ("a.csv.bz2", "application/x-bzip2"),
        ("a.unheard-of", "application/octet-stream"),
        ("a", "application/octet-stream"),
    ],
)
def test_the_type_is_guessed_from_the_name(name, kind):
    assert media_type_of(name) == kind
    assert BoundaryItem("n", io.BytesIO(), name).filetype == kind


@pytest.mark.parametrize("boundary", ["", "a\r\nb", "é"])
def test_a_part_takes_no_boundary_that_is_none(boundary):
    for encode in (BoundaryItem("n", "v").encode_hdr, BoundaryItem("n", "v").encode):
        with pytest.raises(InvalidBoundary):
            encode(boundary)


def test_the_delimiter_is_looked_for_in_a_part_of_its_own():
    with pytest.raises(InvalidBoundary):
        BoundaryItem("n", "x\n--B").encode("B")
