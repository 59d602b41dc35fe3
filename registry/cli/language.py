"""The language of the command line: there is no request to ask, so it is Chinese unless REGISTRY_LANGUAGE says `en`."""

import os
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask_babel import force_locale

P = ParamSpec("P")
R = TypeVar("R")


def in_chinese(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command with its messages in Chinese, or in the language that was asked for."""

    @wraps(command)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> R:
        with force_locale("en" if os.environ.get("REGISTRY_LANGUAGE") == "en" else "zh_Hans_CN"):
            return command(*args, **kwargs)

    return spoken
