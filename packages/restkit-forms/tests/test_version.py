import restkit_forms


def test_version_is_a_final_release() -> None:
    assert all(part.isdigit() for part in restkit_forms.__version__.split("."))
