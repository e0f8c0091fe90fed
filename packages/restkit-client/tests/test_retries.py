"""May it be sent again, and when: the decisions alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_client import errors
from restkit_client.retries import IDEMPOTENT, MAX_RETRY_AFTER, MAX_WAIT, may_repeat, retry_after, wait_before

LOST = errors.RemoteDisconnected()


@pytest.mark.parametrize("method", sorted(IDEMPOTENT))
def test_an_idempotent_method_is_repeated_when_the_server_has_said_nothing(method):
    assert may_repeat(LOST, method, wrote=True)


@pytest.mark.parametrize("method", ["POST", "PATCH", "CONNECT", "LOCK"])
def test_another_method_is_repeated_only_while_nothing_was_written_or_when_the_caller_says_so(method):
    assert may_repeat(LOST, method, wrote=False)
    assert not may_repeat(LOST, method, wrote=True)
    assert may_repeat(LOST, method, wrote=True, idempotent=True)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("error", "repeated"),
    [
        (errors.ConnectError("refused"), True),
        (errors.ProxyConnectError("refused"), True),
        (errors.ResolveError("a: Temporary failure in name resolution"), True),
        (errors.ResolveError("a: Name or service not known"), False),
        (errors.TLSError("handshake"), False),
        (errors.CertificateError("expired"), False),
        (errors.ConnectTimeout("late"), False),
        (errors.ReadTimeout("late"), False),
        (errors.WriteTimeout("late"), False),
        (errors.PoolTimeout("late"), False),
        (errors.TotalTimeout("late"), False),
        (errors.IncompleteHead(b"HTTP"), False),
        (errors.IncompleteBody(5, 3), False),
        (errors.BadStatusLine("x"), False),
        (errors.ClosedError("closed"), False),
        (errors.ProxyError("403", 403), False),
        (errors.RequestError("body"), False),
        (KeyboardInterrupt(), False),
    ],
)
def test_which_error_is_a_reason_to_try_again(error, repeated, method):
    assert may_repeat(error, method, wrote=False) is repeated


@given(st.integers(2, 500), st.floats(0, 100), st.floats(0, 1, exclude_max=True))
def test_the_wait_doubles_with_a_quarter_of_jitter_up_to_ten_seconds(attempt, first, jitter):
    wait = wait_before(attempt, first, lambda: jitter)
    planned = min(first * 2.0 ** (attempt - 2), MAX_WAIT)
    assert 0.75 * planned * 0.999 <= wait <= min(1.25 * planned * 1.001, MAX_WAIT)


NOW = 784_111_777.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("120", 120.0),
        ("121", MAX_RETRY_AFTER),
        ("315360000", MAX_RETRY_AFTER),
        ("9" * 5000, MAX_RETRY_AFTER),
        ("Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
        ("Sun, 06 Nov 1994 08:49:27 GMT", 0.0),
        ("Sun, 06 Nov 2094 08:49:37 GMT", MAX_RETRY_AFTER),
        ("Sun, 99 Nov 1994 08:49:37 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_capped(value, seconds):
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize("now", [-1e12, 0.0, 1e12])
def test_whatever_the_system_s_clock_says_the_wait_is_bounded(now):
    assert 0 <= retry_after("Sun, 06 Nov 1994 08:49:37 GMT", now) <= MAX_RETRY_AFTER
