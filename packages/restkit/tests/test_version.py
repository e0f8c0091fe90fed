import restkit


def test_version_is_a_final_release() -> None:
    assert all(part.isdigit() for part in restkit.__version__.split("."))
