"""Everything this package raises on purpose.

    Error(RuntimeError)                 the root: `message`, never a secret in it
    ├─ MissingSignature                 the request carries no oauth_signature
    ├─ VerificationError                a signed request was refused: `problem`, `status`
    ├─ UnhashableBody                   a body that can be read only once can not be signed
    ├─ InsecureTransport                PLAINTEXT would show the secrets to everybody on the way
    └─ ProviderError                    the provider refused a leg of the flow: `status`, `problem`, `advice`

A wrong argument is a ValueError or a TypeError, as in restkit 4.
"""

from __future__ import annotations

__all__ = [
    "Error",
    "InsecureTransport",
    "MissingSignature",
    "ProviderError",
    "UnhashableBody",
    "VerificationError",
]


class Error(RuntimeError):
    """Any OAuth failure; `message` says what was wrong and what to do (manual 3.1.7)."""

    def __init__(self, message: str = "OAuth error occurred.") -> None:
        super().__init__()
        # restkit 4's errors had empty args; the text lives in `message` alone, also through a pickle.
        self.args = ()
        self.message = message

    def __str__(self) -> str:
        return self.message


class MissingSignature(Error):
    """The request carries no `oauth_signature`: answer 401 with `build_authenticate_header`."""


class VerificationError(Error):
    """A request that says it is signed was refused.

    Attributes:
        problem: the word of the OAuth Problem Reporting extension, as `signature_invalid` or `nonce_used`.
        status: 400 for a malformed request, 401 for a refused one (RFC 5849 §3.2).
    """

    def __init__(
        self, message: str = "The OAuth request was refused.", problem: str = "", status: int = 401
    ) -> None:
        super().__init__(message)
        self.problem = problem
        self.status = status


class UnhashableBody(Error):
    """The body can be read only once, so no oauth_body_hash can be made before it is sent."""


class InsecureTransport(Error):
    """PLAINTEXT over http shows the secrets to everybody on the way (RFC 5849 §3.4.4)."""


class ProviderError(Error):
    """The provider refused, or its answer makes no sense.

    Attributes:
        status: the HTTP status of the answer.
        problem: its `oauth_problem`, "" when it gave none.
        advice: its `oauth_problem_advice`, "" when it gave none.
    """

    def __init__(
        self, message: str = "The provider refused.", status: int = 0, problem: str = "", advice: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem
        self.advice = advice
