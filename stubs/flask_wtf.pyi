# What this project uses of flask_wtf, which ships no types.
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])

class CSRFProtect:
    def __init__(self) -> None: ...
    def init_app(self, app: Flask) -> None: ...
    def exempt(self, view: View) -> View: ...
