"""The manual's chapter 3.1.6 as its users call it."""

import pytest

from restkit_forms import CRLF, MIME_BOUNDARY, BoundaryItem, MultipartForm, form_quote, multipart_form_encode


def test_multipart_form_encode_gives_a_body_and_the_dict_it_was_given():
    given = {"X-A": "1", "content-type": "old", "CONTENT-LENGTH": "0"}
    form, headers = multipart_form_encode({"a": "1"}, given, "B")
    assert headers is given
    assert headers == {
        "X-A": "1",
        "Content-Type": "multipart/form-data; boundary=B",
        "Content-Length": str(form.get_size()),
    }
    assert isinstance(form, MultipartForm)
    assert form.read() == b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--B--\r\n'


def test_without_headers_a_new_dict_is_made():
    form, headers = multipart_form_encode({"a": "1"}, None, None)
    assert headers == {"Content-Type": form.content_type, "Content-Length": str(form.get_size())}


def test_an_unknown_length_leaves_the_callers():
    _, headers = multipart_form_encode({"a": iter([b"1"])}, {}, "B")
    assert "Content-Length" not in headers
    form, headers = multipart_form_encode({"a": iter([b"1"])}, {"content-length": 59}, "B")
    assert headers["Content-Length"] == "59"
    assert form.get_size() == 59
    assert len(form.read()) == 59


@pytest.mark.parametrize("promised", [58, 60])
def test_a_promise_of_the_caller_is_kept(promised):
    form, _ = multipart_form_encode({"a": iter([b"1"])}, {"X-A": "1", "Content-Length": promised}, "B")
    with pytest.raises(ValueError, match=f"{promised} bytes promised, 59 found"):
        form.read()


def test_a_promise_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="Content-Length 'many' is no number"):
        multipart_form_encode({"a": iter([b"1"])}, {"Content-Length": "many"}, "B")


def test_the_documented_attributes():
    form = MultipartForm([("a", "1"), ("b", ["2", "3"])], "B", {})
    assert form.boundary == "B"
    assert form.tboundary == b"--B--\r\n"
    assert [(item.name, item.value) for item in form.boundaries] == [("a", "1"), ("b", "2"), ("b", "3")]
    assert all(isinstance(item, BoundaryItem) for item in form.boundaries)
    assert (form.bitem_cls, form.quote, form.headers) == (BoundaryItem, form_quote, {})
    assert (MIME_BOUNDARY, CRLF) == ("END_OF_PART", "\r\n")


def test_a_part_that_is_added_counts():
    form = MultipartForm({"a": "1"}, "B", {})
    before = form.get_size()
    form.boundaries.append(BoundaryItem("b", "2"))
    size = form.get_size(recalc=True)
    assert size == before + form.boundaries[1].length("B")
    assert size == form.get_size() == form.content_length == len(form.read())
    form.boundaries.append(BoundaryItem("c", "3"))
    assert form.get_size() == len(b"".join(form)) > size


class Shouting(BoundaryItem):
    def encode_unreadable_value(self, value):
        return value.upper().encode()

    def encode_hdr(self, boundary):
        return super().encode_hdr(boundary).replace(b"form-data", b"FORM-DATA")


def test_a_class_of_ones_own_makes_the_parts():
    form = MultipartForm({"a": "x", "b": ["y"]}, "B", {}, Shouting)
    body = form.read()
    assert body == (
        b'--B\r\nContent-Disposition: FORM-DATA; name="a"\r\n\r\nX\r\n'
        b'--B\r\nContent-Disposition: FORM-DATA; name="b"\r\n\r\nY\r\n--B--\r\n'
    )
    assert form.get_size() == len(body)
