"""Failures that a caller can be told about. `code` is for programs and never changes; the message is for people."""


class RegistryError(Exception):
    """Base of all failures that are the caller's or the situation's, never the program's."""

    code = "error"


class NotFound(RegistryError):
    """There is no such thing."""

    code = "not_found"


class Conflict(RegistryError):
    """It cannot stand beside what is there."""

    code = "conflict"


class RuleViolation(RegistryError):
    """The law or a rule of the register forbids it."""

    code = "rule_violation"


class Unavailable(RegistryError):
    """Not now; the same thing may be asked for again later."""

    code = "unavailable"


class NotAllowed(RegistryError):
    """Not by this caller."""

    code = "not_allowed"
