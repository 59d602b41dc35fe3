"""What other nodes call, under /exchange/v1 (exchange.md): believed when signed, answered with a signature."""

from flask import Flask

from blueprints.exchange import batches, changes, node, proofs, signed
from registry.extensions import csrf


def register(app: Flask) -> None:
    """Hang the exchange on the application. First of all parts: what is registered first sees an answer last."""
    app.after_request(signed.sign)
    for part in (batches, node, changes, proofs):
        csrf.exempt(part.blueprint)  # signed by a key, no cookie: no other site can use it
        app.register_blueprint(part.blueprint, url_prefix=signed.PREFIX)
