"""Query codes: with one of them a person follows an application. Shown once; only its hash is kept.

A code follows from the token of the form it was handed in with, so that the same form sent twice gives the same code.
"""

import hashlib
import hmac
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters without 0, 1, I and O, which are read for one another."""
LENGTH = 20  # 100 bits: nobody finds one by trying
GROUP = 5


def new_token() -> str:
    """What a form carries, so that it is taken in once however often it is sent."""
    return secrets.token_urlsafe(24)


def code_of(token: str, secret: str) -> str:
    """The query code of the application that is handed in with this token; only this node can tell it."""
    drawn = hmac.digest(secret.encode(), f"query code {token}".encode(), hashlib.sha256)
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn[:LENGTH])


def digest_of(code: str) -> str:
    """What is kept of a code, as hex. Blanks, hyphens and small letters do not matter; nor does what cannot be a code."""
    return hashlib.sha256(normal(code).encode()).hexdigest()


def normal(code: str) -> str:
    """A code as it was typed, without what people put between its groups."""
    return "".join(each for each in code.upper() if each.isalnum())[: LENGTH * 2]


def grouped(code: str) -> str:
    """A code for reading aloud: K7QFM-2XWDP-9HRTB-4GNCE."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))
