"""Sign one request of the exchange and print it as a configuration for curl:

python3 sign.py KEY.jwk 130000 GET 'https://credit.hebei.example/exchange/v1/node' | curl --silent --include --config -

KEY.jwk is a JWK with its private half; 130000 is the node that is asked. `--body FILE` for a POST or PUT, packed before
by `gzip` where its name ends in `.gz`. Send at once: a signature is good for five minutes, and once.
"""

import argparse
import json
import secrets
import time
from pathlib import Path
from urllib.parse import urlsplit

import wire


def main() -> None:
    """Print what curl reads with `--config -`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("key", type=Path, metavar="KEY.jwk")
    parser.add_argument("to", metavar="NODE", help="node id of the receiver, six digits")
    parser.add_argument("method")
    parser.add_argument("url")
    parser.add_argument("--body", type=Path, metavar="FILE")
    asked = parser.parse_args()
    body = asked.body.read_bytes() if asked.body else b""
    headers = signed_headers(json.loads(asked.key.read_text()), asked.to, asked.method, asked.url, body)
    if asked.body:
        name = asked.body.name
        headers["Content-Type"] = "application/json" if name.endswith(".json") else "application/x-ndjson"
        if name.endswith(".gz"):
            headers["Content-Encoding"] = "gzip"
        print(f'data-binary = "@{asked.body}"')
    print(f'request = "{asked.method}"')
    print(f'url = "{asked.url}"')
    print("globoff\npath-as-is")
    for name, value in headers.items():
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        print(f'header = "{name}: {escaped}"')


def signed_headers(jwk: dict[str, str], to: str, method: str, url: str, body: bytes) -> dict[str, str]:
    """The four headers that every request carries beside its own."""
    parts = urlsplit(url)
    content_digest = wire.content_digest(body)
    values = (method, parts.path, f"?{parts.query}", content_digest, to)
    nonce = secrets.token_urlsafe(16)
    parameters = wire.parameters(wire.REQUEST, created=int(time.time()), nonce=nonce, keyid=jwk["kid"])
    base = wire.signature_base(zip(wire.REQUEST, values, strict=True), parameters)
    signature = wire.base64.b64encode(wire.private_key(jwk).sign(base.encode())).decode()
    return {
        "Content-Digest": content_digest,
        "Exchange-To": to,
        "Signature-Input": f"node={parameters}",
        "Signature": f"node=:{signature}:",
    }


if __name__ == "__main__":
    main()
