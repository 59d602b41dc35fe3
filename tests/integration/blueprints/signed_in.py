"""Officers who are signed in already, and the addresses of the console with their guards."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from models import Authority, Officer
from registry.clock import now
from registry.rules.roles import Role
from registry.services import officers, sessions
from registry.transaction import transaction
from tests.factories import make_authority

REASON = {"reason": "for the test"}


def sign_in(
    client: FlaskClient, name: str, *roles: Role, authority: Authority | None = None, stepped_up: bool = True
) -> Officer:
    """An officer whose browser has passed both factors, with a password of their own."""
    with transaction():
        officer, _ = officers.create(
            name, roles=roles, authority=authority or make_authority(), by="system:test", reason="test"
        )
        officer.must_change = False
        token = sessions.start(officer, "test")
        found = sessions.find(token)
        assert found is not None
        found.second_factor_at = now()
        found.stepped_up_at = now() if stepped_up else None
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    return officer


def csrf_of(client: FlaskClient, address: str = "/console/account") -> str:
    """The token that a form of this browser carries."""
    page = client.get(address).get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


def address_of(app: Flask, rule: Rule) -> str:
    """An address that leads to a rule, whatever its arguments name."""
    values: dict[str, Any] = {}
    for name in rule.arguments:
        converter = rule._converters[name]  # werkzeug tells the choices of `any` nowhere else
        values[name] = next(iter(sorted(converter.items))) if isinstance(converter, AnyConverter) else 1
    with app.test_request_context():
        return app.url_map.bind("registry.test").build(
            rule.endpoint, values, method=next(iter(sorted(methods_of(rule))))
        )


def methods_of(rule: Rule) -> set[str]:
    """What a rule answers beside what Werkzeug adds."""
    return set(rule.methods or ()) - {"HEAD", "OPTIONS"}


def guarded_rules(app: Flask, access: str) -> list[Rule]:
    """Every rule whose guard has this mark."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "access", None) == access
    ]
