import restkit_contrib


def test_version_is_a_final_release() -> None:
    assert all(part.isdigit() for part in restkit_contrib.__version__.split("."))
