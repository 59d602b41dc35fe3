"""Headers of every answer: what a browser may load, frame, remember and tell others."""

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from registry.config import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the pictures that the vendored stylesheets carry in themselves
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""Neither inline scripts and styles nor eval: a record's text that became markup could still do nothing."""

FIXED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # own forms are checked by their page; other sites learn nothing
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
PRIVATE_ADDRESSES = ("/auth/", "/console/")


def of_every_answer(app: Flask) -> list[tuple[str, str]]:
    """What every answer of this node says, those included that are given before Flask."""
    settings: Settings = app.extensions["registry_settings"]
    told = list(FIXED.items())
    return (
        [*told, ("Strict-Transport-Security", STRICT_TRANSPORT)] if settings.site_url.startswith("https://") else told
    )


def register(app: Flask) -> None:
    """Set the headers of every answer, and believe as many forwarded addresses as there are proxies of ours."""
    settings: Settings = app.extensions["registry_settings"]
    told = of_every_answer(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in told:
            response.headers.setdefault(name, value)
        if request.path.startswith(PRIVATE_ADDRESSES):
            response.headers["Cache-Control"] = "no-store"
        return response
