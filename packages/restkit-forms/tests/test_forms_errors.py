import copy
import pickle

import pytest

import restkit_forms
from restkit_forms import errors

EXAMPLES = [
    (errors.FormError("said"), "said"),
    (errors.InvalidBoundary("said"), "said"),
    (errors.InvalidPart("why"), "why"),
    (errors.InvalidPart("why", "field"), "part 'field': why"),
    (
        errors.SourceChanged("file 'x'", 5, 3),
        "file 'x' shrank since it was measured: 5 bytes promised, 3 found",
    ),
    (
        errors.SourceChanged("file 'x'", 5, 7),
        "file 'x' grew since it was measured: 5 bytes promised, 7 found",
    ),
    (errors.BodyConsumed("said"), "said"),
    (errors.MultipartError("said"), "said"),
    (errors.MalformedMultipart("said"), "said"),
    (errors.IncompleteMultipart("said"), "said"),
    (errors.LimitExceeded("max_parts", 5), "more than max_parts=5; pass a larger max_parts to accept it"),
]


@pytest.mark.parametrize(("error", "text"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_an_error_says_what_was_wrong_and_survives_pickling(error, text):
    for same in (error, pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(same) is type(error)
        assert str(same) == text
        assert vars(same) == vars(error)


def test_every_error_is_a_form_error_and_a_value_error_and_exported():
    found = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert {type(error) for error, _ in EXAMPLES} == set(found)
    for kind in found:
        assert issubclass(kind, errors.FormError)
        assert issubclass(kind, ValueError)
        assert getattr(restkit_forms, kind.__name__) is kind
