"""Chinese or English: asked for in the address, kept in a cookie. The switch is a link to the same page."""

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from flask import Flask, Response, request
from flask_babel import get_locale
from werkzeug.datastructures import MultiDict

COOKIE = "lang"
CHOICES = ("zh", "en")
_A_YEAR = 365 * 24 * 3600


def register(app: Flask) -> None:
    """Keep the choice, and tell every template where its other language is."""

    @app.after_request
    def keep_choice(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked in CHOICES and request.cookies.get(COOKIE) != asked:
            response.set_cookie(
                COOKIE,
                asked,
                max_age=_A_YEAR,
                httponly=True,
                samesite="Lax",
                secure=bool(app.config["SESSION_COOKIE_SECURE"]),
            )
        return response

    @app.context_processor
    def page_language() -> dict[str, str]:
        english = is_english()
        return {
            "page_language": "en" if english else "zh-CN",
            "other_language": "zh" if english else "en",
            "other_language_url": address_in("zh" if english else "en"),
        }


def is_english() -> bool:
    """Whether this answer is written in English."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def address_in(language: str) -> str:
    """This page in a language: a path of this site with its own query, never another host.

    The answer to a form has none: its other language is that of the page on which the form stood.
    """
    path, args = request.path, MultiDict(request.args)
    before = urlsplit(request.referrer or "")
    if request.method == "POST" and before.netloc == request.host and before.path:
        path, args = unquote(before.path), MultiDict(parse_qsl(before.query))
    args["lang"] = language
    return quote(path) + "?" + urlencode(list(args.items(multi=True)))
