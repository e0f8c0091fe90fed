import restkit_parser


def test_version_is_a_final_release() -> None:
    assert all(part.isdigit() for part in restkit_parser.__version__.split("."))
