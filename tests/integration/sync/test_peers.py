"""Peers are entered by hand, keys trusted until they are retired, a nonce is good once."""

from datetime import timedelta

import orjson
import pytest
from joserfc.jwk import OKPKey

from models import NodeRole, db
from registry.clock import now
from registry.services import exchange_node
from sync import keys, peers
from sync.signing import Signed

pytestmark = pytest.mark.usefixtures("database")


def jwk(node: str = "130000", name: str = "k1") -> dict[str, str]:
    return {**OKPKey.generate_key("Ed25519").as_dict(private=False), "kid": f"{node}#{name}"}


def test_a_key_is_trusted_until_it_is_retired():
    given = jwk()
    peer = peers.add("130000", "https://credit.hebei.example", [given])
    assert peer.role is NodeRole.PROVINCE
    assert peers.trusted_jwk("130000#k1") == given
    peers.retire_key("130000#k1")
    assert peers.trusted_jwk("130000#k1") is None
    assert peers.jwks_of(peer.id) == [given]


def test_a_kid_never_changes_its_key():
    peers.add("130000", "https://credit.hebei.example", [jwk()])
    with pytest.raises(keys.KeyRefused):
        peers.add("130000", "https://credit.hebei.example", [jwk()])


@pytest.mark.parametrize("url", ["http://credit.hebei.example", "ftp://127.0.0.1", "credit", "https://a.cn/?x=1"])
def test_an_address_is_https_but_on_this_machine(url):
    peers.add("130000", "http://127.0.0.1:8100", [jwk()])
    with pytest.raises(peers.AddressRefused):
        peers.add("130000", url, [])


def test_a_nonce_is_good_once_within_ten_minutes():
    moment = now()
    signed = Signed("130000#k1", "130000", moment, "AAECAwQFBgcICQoLDA0ODw")
    assert peers.use_nonce(signed, moment)
    assert not peers.use_nonce(signed, moment + timedelta(seconds=599))
    assert peers.use_nonce(signed, moment + timedelta(seconds=601))
    other = Signed("130000#k2", "130000", moment, signed.nonce)
    assert peers.use_nonce(other, moment)


def test_nonces_that_are_over_are_forgotten():
    moment = now()
    peers.use_nonce(Signed("130000#k1", "130000", moment, "a"), moment)
    peers.use_nonce(Signed("130000#k1", "130000", moment, "b"), moment + timedelta(seconds=700))
    left = db.session.execute(db.text("SELECT nonce FROM exchange_nonce")).scalars().all()
    assert left == ["b"]


@pytest.mark.parametrize(
    "file",
    [
        b"[]",
        b"no json",
        orjson.dumps({"keys": []}),
        orjson.dumps({"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "130000#k"}),
        orjson.dumps(jwk("130200")),
        orjson.dumps({**jwk(), "kid": "130000#"}),
        orjson.dumps({"kty": "EC", "kid": "130000#k"}),
    ],
    ids=[
        "a list",
        "no json",
        "an empty set",
        "a short key",
        "a key of another node",
        "a key without a name",
        "another type",
    ],
)
def test_a_file_without_a_key_of_the_node_is_refused(file):
    with pytest.raises(keys.KeyRefused):
        keys.read_public(file, "130000")


def test_reads_a_jwk_and_a_set_and_drops_private_halves():
    private = {**OKPKey.generate_key("Ed25519").as_dict(private=True), "kid": "130000#k"}
    for file in (private, {"keys": [private]}):
        (found,) = keys.read_public(orjson.dumps(file), "130000")
        assert "d" not in found


def test_a_database_belongs_to_one_node_and_a_restore_draws_its_epoch_anew():
    first = exchange_node.settle("130100").epoch
    with pytest.raises(exchange_node.OtherNode):
        exchange_node.settle("130200")
    second = exchange_node.draw_epoch()
    assert second.epoch != first
    assert second.recovering_since is not None
    exchange_node.recovered()
    assert second.recovering_since is None
