import restkit_client


def test_version_is_a_final_release() -> None:
    assert all(part.isdigit() for part in restkit_client.__version__.split("."))
