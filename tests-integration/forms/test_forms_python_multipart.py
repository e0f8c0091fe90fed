"""Whatever is written, our reader and python-multipart read the same."""

import python_multipart
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_forms import MultipartForm, MultipartReader
from restkit_forms.part_headers import unescaped

# No backslash: python-multipart takes one before a quotation mark for an escape, HTML does not.
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\\"), min_size=1)
CONTENT = st.binary(min_size=1) | st.text("\r\n-B", min_size=1).map(str.encode)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NAMES, CONTENT, st.none() | NAMES), min_size=1))
def test_both_read_the_same(fields):
    form = MultipartForm(
        [(name, content if filename is None else (filename, content)) for name, content, filename in fields]
    )
    ours = [(part.name, part.filename, part.read()) for part in MultipartReader(form, form.content_type)]
    theirs = []

    def on_file(file):
        file.file_object.seek(0)
        name, filename = unescaped(file.field_name.decode()), unescaped(file.file_name.decode())
        theirs.append((name, filename, file.file_object.read()))
        file.close()

    assert form.rewind()
    python_multipart.parse_form(
        {"Content-Type": form.content_type.encode()},
        form,
        lambda field: theirs.append((unescaped(field.field_name.decode()), None, field.value)),
        on_file,
    )
    assert ours == theirs
