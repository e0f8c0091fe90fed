import restkit_oauth2


def test_version_is_a_final_release() -> None:
    assert all(part.isdigit() for part in restkit_oauth2.__version__.split("."))
