"""Printed documents: a dataclass in, PDF bytes out. No database, no HTTP."""
