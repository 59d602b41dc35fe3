"""The second implementation is one: it shares nothing with the program's own, and meets the examples of the standards."""

import ast
import base64
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.contract.exchange.wire import Key, canonical, from_b64url, signature_base

FILES = sorted(Path(__file__).parent.glob("*.py"))
FORBIDDEN = ("sync", "blueprints", "rfc8785", "joserfc", "tests.exchange_")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_of_the_program_that_is_judged_is_used(path: Path) -> None:
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [each.name for each in node.names]
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    assert [name for name in names if name.startswith(FORBIDDEN)] == []


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    value = {"\u20ac": "Euro", "\r": 1, "\ufb33": None, "1": 4.5, "\U0001f600": ['\u000f\n"\\/', True], "\u0080": 2.0}
    expected = '{"\\r":1,"1":4.5,"\u0080":2,"\u20ac":"Euro","\U0001f600":["\\u000f\\n\\"\\\\/",true],"\ufb33":null}'
    assert canonical(value) == expected


def test_the_signature_base_is_that_of_rfc_9421_b_2_6() -> None:
    private = Ed25519PrivateKey.from_private_bytes(from_b64url("n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU"))
    parameters = (
        '("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    components = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"), ("@method", "POST"), ("@path", "/foo"), ("@authority", "example.com"),
        ("content-type", "application/json"), ("content-length", "18"),
    ]  # fmt: skip
    made = private.sign(signature_base(components, parameters).encode())
    expected = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    assert base64.b64encode(made).decode() == expected
    assert Key("130200", private=private).jwk["x"] == "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"
