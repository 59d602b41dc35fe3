"""Small questions that a person answers and a simple program does not: four digits in a picture, or a sum in words.

A challenge is its nonce: question and answers follow from it and the node's secret, so nothing is kept until it is
used. It can be used once, within LIFETIME; every use is counted in `rate_window`, right or wrong.
"""

import hashlib
import hmac
import io
import secrets
from datetime import datetime

from captcha.image import ImageCaptcha

from registry.services import admission

LIFETIME = 540
"""Seconds in which a challenge can be answered, and for which a right answer counts: less than counts are kept."""
_DIGITS = 4
_NUMERALS = "零一二三四五六七八九"


def new_nonce() -> str:
    """A name for a new challenge."""
    return secrets.token_hex(12)


def digits_of(secret: str, nonce: str) -> str:
    """The digits in the picture."""
    drawn = hmac.digest(secret.encode(), f"challenge picture {nonce}".encode(), hashlib.sha256)
    return "".join(str(byte % 10) for byte in drawn[:_DIGITS])


def sum_of(secret: str, nonce: str) -> tuple[int, int]:
    """The two numbers of the sum in words, each from 11 to 49."""
    drawn = hmac.digest(secret.encode(), f"challenge sum {nonce}".encode(), hashlib.sha256)
    return 11 + drawn[0] % 39, 11 + drawn[1] % 39


def picture(secret: str, nonce: str) -> bytes:
    """The picture as PNG; drawn anew each time, with other noise."""
    drawn: io.BytesIO = ImageCaptcha(width=200, height=80).generate(digits_of(secret, nonce))
    return drawn.getvalue()


def in_words(number: int) -> str:
    """A number below a hundred as Chinese writes it: 二十四."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else ""
    return head + (_NUMERALS[ones] if ones or not tens else "")


def is_answered(secret: str, nonce: str, issued_at: datetime, answer: str) -> bool:
    """Whether the answer is that of the picture or of the sum, and the challenge was not used before."""
    use = admission.admit_address(f"challenge {nonce}", 1, issued_at)
    typed = "".join(str(int(c)) for c in answer if c.isdecimal())  # full-width digits count as well
    return not use.over and typed in {digits_of(secret, nonce), str(sum(sum_of(secret, nonce)))}
