"""The WSGI entry point; `flask --app wsgi` finds the same program."""

import gc

from registry.app import from_environment

app = from_environment()
gc.collect()
gc.freeze()  # what stays for good is not looked through again: a full round over it takes some 20 ms of a request
