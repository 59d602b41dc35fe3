"""The reader's language."""

from flask import has_request_context, request

LANGUAGES = ("zh_Hans_CN", "en")


def choose_locale() -> str:
    """Chinese unless the reader asked for English, by the address or by the switch kept in a cookie."""
    if not has_request_context():
        return LANGUAGES[0]
    asked = request.args.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else LANGUAGES[0]
