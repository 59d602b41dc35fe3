"""Signatures both ways: a fixed vector, every code of a refusal, and what is covered."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from joserfc.jwk import OKPKey

from registry.ledger.canonical import sha256
from sync import signing
from sync.keys import OwnKeys, kid_of
from sync.signing import (
    Answer,
    Request,
    Unverified,
    content_digest,
    nonce_of,
    sign_answer,
    sign_request,
    verify_answer,
    verify_request,
)
from sync.structured_fields import InnerList, Item, serialise

KEY = OKPKey.import_key(
    {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    }  # RFC 8037, appendix A.1
)
OWN = OwnKeys("130100", (KEY,), None)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NONCE = "AAECAwQFBgcICQoLDA0ODw"
BODY = b'{"batch_no": "130100-20261123-000001"}\n'


def jwk_of(keyid: str):
    return KEY.as_dict(private=False) if keyid == kid_of("130100", KEY) else None


def lower(headers: dict[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def request(query: str = "", body: bytes = BODY, created: datetime = NOW) -> Request:
    headers = sign_request(
        OWN, to="130000", method="POST", path="/exchange/v1/batches", query=query, body=body, created=created,
        nonce=NONCE,
    )  # fmt: skip
    return Request("POST", "/exchange/v1/batches", query, lower(headers), sha256(body))


def answer(**headers: str) -> Answer:
    signed = sign_answer(OWN, status=200, body=BODY, headers=headers, nonce=NONCE, epoch="3f0c…", created=NOW)
    return Answer(200, lower(headers) | lower(signed), sha256(BODY))


def test_signs_a_request_as_the_page_says():
    headers = request().headers
    keyid = "130100#kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert headers["signature-input"] == (
        'node=("@method" "@path" "@query" "content-digest" "exchange-to")'
        f';created=1795399200;nonce="{NONCE}";keyid="{keyid}";alg="ed25519"'
    )
    base = (
        '"@method": POST\n"@path": /exchange/v1/batches\n"@query": ?\n'
        f'"content-digest": {content_digest(BODY)}\n"exchange-to": 130000\n'
        f'"@signature-params": {headers["signature-input"].removeprefix("node=")}'
    )
    signature = base64.b64decode(headers["signature"].removeprefix("node=:").removesuffix(":"))
    KEY.public_key.verify(signature, base.encode())


@pytest.mark.parametrize("query", ["", "chain=bulk", "after=0&resource=a&resource=b"])
@pytest.mark.parametrize("body", [b"", BODY])
def test_believes_what_it_signed(query, body):
    signed = verify_request(request(query, body), receiver="130000", jwk_of=jwk_of, moment=NOW)
    assert (signed.node, signed.nonce) == ("130100", NONCE)


def changed(**headers: str) -> Callable[[Request], Request]:
    return lambda found: replace(found, headers={**found.headers, **headers})


def dropped(word: str) -> Callable[[Request], Request]:
    """Signed by a program that covers less."""

    def fewer(found: Request) -> Request:
        names = tuple(name for name in signing.REQUEST_COMPONENTS if name != word)
        made = signing._sign(OWN, found.component, names, NOW, NONCE)
        return replace(found, headers={**found.headers, **made})

    return fewer


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (changed(**{"signature-input": ""}), "signature_invalid"),
        (changed(**{"signature-input": "node=1"}), "signature_invalid"),
        (changed(**{"signature-input": 'node=("@method'}), "signature_invalid"),
        (changed(signature=""), "signature_invalid"),
        (changed(signature="node=:AAAA:"), "signature_invalid"),
        (changed(**{"exchange-to": "130200"}), "signature_invalid"),
        (lambda found: replace(found, method="PUT"), "signature_invalid"),
        (lambda found: replace(found, path="/exchange/v1/position"), "signature_invalid"),
        (lambda found: replace(found, query="x=1"), "signature_invalid"),
        (lambda found: replace(found, sha256=sha256(BODY + b" ")), "digest_mismatch"),
        *((dropped(name), "signature_invalid") for name in ("@method", "@path", "@query", "content-digest")),
        (dropped("exchange-to"), "signature_invalid"),
    ],
)
def test_refuses_a_request_that_was_changed(change, code):
    with pytest.raises(Unverified) as refused:
        verify_request(change(request()), receiver="130000", jwk_of=jwk_of, moment=NOW)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('alg="ed25519"', 'alg="hmac-sha256"', "signature_invalid"),
        (';alg="ed25519"', "", "signature_invalid"),
        (NONCE, "AAEC", "signature_invalid"),
        ("created=1795399200;", "", "signature_invalid"),
        ("130100#", "130200#", "key_unknown"),
        ('"@query" ', '"@query" "@query" ', "signature_invalid"),
        ('"@query"', '"@query";req', "signature_invalid"),
    ],
)
def test_refuses_parameters_that_say_something_else(old, new, code):
    found = request()
    given = found.headers["signature-input"]
    assert old in given
    with pytest.raises(Unverified) as refused:
        verify_request(
            changed(**{"signature-input": given.replace(old, new)})(found),
            receiver="130000", jwk_of=jwk_of, moment=NOW,
        )  # fmt: skip
    assert refused.value.code == code


def test_a_node_reads_only_what_was_sent_to_it():
    with pytest.raises(Unverified) as refused:
        verify_request(request(), receiver="130200", jwk_of=jwk_of, moment=NOW)
    assert refused.value.code == "wrong_receiver"


@pytest.mark.parametrize(("seconds", "believed"), [(-300, True), (-301, False), (60, True), (61, False)])
def test_a_clock_may_differ_by_so_much(seconds, believed):
    found = request(created=NOW + timedelta(seconds=seconds))
    if believed:
        verify_request(found, receiver="130000", jwk_of=jwk_of, moment=NOW)
        return
    with pytest.raises(Unverified) as refused:
        verify_request(found, receiver="130000", jwk_of=jwk_of, moment=NOW)
    assert refused.value.code == "created_out_of_window"


def test_more_may_be_covered():
    found = changed(**{"content-type": "application/x-ndjson"})(request())
    made = signing._sign(OWN, found.component, (*signing.REQUEST_COMPONENTS, "content-type"), NOW, NONCE)
    verify_request(changed(**made)(found), receiver="130000", jwk_of=jwk_of, moment=NOW)


def check(found: Answer, nonce: str = NONCE, sender: str = "130100") -> None:
    verify_answer(found, sender=sender, nonce=nonce, jwk_of=jwk_of, moment=NOW)


def test_believes_an_answer_with_every_header_that_it_carries():
    check(answer(**{"Exchange-Next": "7", "Exchange-Head": "9", "Idempotent-Replay": "true"}))


@pytest.mark.parametrize(
    "change",
    [
        lambda found: replace(found, status=201),
        lambda found: replace(found, sha256=sha256(b"")),
        lambda found: replace(found, headers={**found.headers, "exchange-next": "8"}),
        lambda found: replace(found, headers={**found.headers, "exchange-position": "8"}),
        lambda found: replace(found, headers={k: v for k, v in found.headers.items() if k != "exchange-next"}),
        lambda found: replace(found, headers={**found.headers, "exchange-epoch": "other"}),
        lambda found: replace(found, headers={}),
    ],
)
def test_an_answer_that_was_changed_counts_as_none(change):
    with pytest.raises(Unverified):
        check(change(answer(**{"Exchange-Next": "7"})))


def test_an_answer_to_another_request_or_of_another_node_counts_as_none():
    with pytest.raises(Unverified):
        check(answer(), nonce="BAECAwQFBgcICQoLDA0ODw")
    with pytest.raises(Unverified):
        check(answer(), sender="130200")


def test_the_nonce_of_an_unverified_request_can_be_echoed():
    assert nonce_of(request().headers) == NONCE
    assert nonce_of({"signature-input": 'node=();nonce="\u4e00"'}) == ""
    assert nonce_of({}) == ""


def signed_with(component: Callable[[str], str | None], names: tuple[str, ...], **nonce: str) -> dict[str, str]:
    """A signature over these components whose parameters are given one by one."""
    parameters = {"created": int(NOW.timestamp()), **nonce, "keyid": OWN.keyid, "alg": "ed25519"}
    covered = InnerList(tuple(Item(name) for name in names), parameters)
    signature = OWN.sign(signing._base(component, covered))
    return {"signature-input": f"node={serialise(covered)}", "signature": f"node={serialise(Item(signature))}"}


@pytest.mark.parametrize("nonce", [{}, {"nonce": "7"}], ids=["none", "another"])
def test_a_nonce_is_the_requests_the_signature_of_an_answer_needs_none(nonce):
    found = answer()
    made = signed_with(found.component, signing.ANSWER_COMPONENTS, **nonce)
    check(replace(found, headers={**found.headers, **made}))
    asked = request()
    made = signed_with(asked.component, signing.REQUEST_COMPONENTS, **nonce)
    with pytest.raises(Unverified) as refused:
        verify_request(changed(**made)(asked), receiver="130000", jwk_of=jwk_of, moment=NOW)
    assert refused.value.code == "signature_invalid"
