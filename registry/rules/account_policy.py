"""Limits of accounts, passwords and sessions (GB/T 22239-2019, 8.1.4.1; the figures are usual practice, domain.md 11)."""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class AccountPolicy:
    """One set of limits; a place that demands more gives another set."""

    shortest_password: int = 10
    longest_password: int = 128
    classes: int = 3  # of small letters, capitals, digits, other characters
    remembered: int = 5  # passwords that may not come again
    password_lasts: timedelta = timedelta(days=90)
    tries: int = 5
    within: timedelta = timedelta(minutes=15)
    locked_for: timedelta = timedelta(minutes=30)
    unused_for: timedelta = timedelta(days=90)
    idle: timedelta = timedelta(minutes=20)
    longest_session: timedelta = timedelta(hours=12)
    sessions: int = 3
    step_up_lasts: timedelta = timedelta(minutes=5)


POLICY = AccountPolicy()


class PasswordFault(StrEnum):
    """What is wrong with a proposed password."""

    SHORT = "short"
    LONG = "long"
    SIMPLE = "simple"
    CONTAINS_NAME = "contains_name"
    USED_BEFORE = "used_before"


def password_faults(password: str, name: str, policy: AccountPolicy = POLICY) -> list[PasswordFault]:
    """Everything that is wrong with a password of somebody of that name, but whether it was used before."""
    faults = []
    if len(password) < policy.shortest_password:
        faults.append(PasswordFault.SHORT)
    if len(password) > policy.longest_password:
        faults.append(PasswordFault.LONG)
    if len({_class(character) for character in password}) < policy.classes:
        faults.append(PasswordFault.SIMPLE)
    if name and name.casefold() in password.casefold():
        faults.append(PasswordFault.CONTAINS_NAME)
    return faults


def _class(character: str) -> str:
    category = unicodedata.category(character)
    return category if category in {"Ll", "Lu", "Nd"} else "other"
