"""What the registry uses of Flask-Login, which has no types."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

Loader = TypeVar("Loader", bound=Callable[[str], Any])

class UserMixin:
    id: Any
    @property
    def is_authenticated(self) -> bool: ...

class LoginManager:
    def init_app(self, app: Flask, add_context_processor: bool = ...) -> None: ...
    def user_loader(self, callback: Loader) -> Loader: ...

current_user: Any

def login_user(user: UserMixin) -> bool: ...
def logout_user() -> bool: ...
