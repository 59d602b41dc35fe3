"""The WSGI entry point; `flask --app wsgi` finds the same program."""

from registry.app import from_environment

app = from_environment()
