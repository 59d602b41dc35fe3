"""Put messages into a batch and print it, ready to be sent with `sign.py … POST …/exchange/v1/batches --body FILE`:

python3 batch.py KEY.jwk messages.ndjson --number 1 --epoch 5b7c1e90-8f3a-4d0e-9c55-000000000001 > batch.ndjson

Each line of messages.ndjson is a message; a `digest` that is missing is put in. The first batch of a chain names none
before it; a later one is given the file of that one: `--previous batch-before.ndjson --from-seq …`.
"""

import argparse
import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import wire

BEIJING = timezone(timedelta(hours=8))


def main() -> None:
    """Write the batch to the standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("key", type=Path, metavar="KEY.jwk")
    parser.add_argument("messages", type=Path, metavar="MESSAGES.ndjson")
    parser.add_argument("--epoch", required=True, help="UUID of the sender's database")
    parser.add_argument("--number", type=int, required=True, help="of the batch on this day, from 1 on")
    parser.add_argument("--chain", choices=("bulk", "urgent"), default="bulk")
    parser.add_argument("--from-seq", type=int, default=1, help="ledger number of the first message")
    parser.add_argument("--previous", type=Path, metavar="FILE")
    asked = parser.parse_args()
    jwk, now = json.loads(asked.key.read_text()), datetime.now(BEIJING)
    node = jwk["kid"].partition("#")[0]
    messages = [json.loads(line) for line in asked.messages.read_text(encoding="utf-8").splitlines() if line]
    lines = "".join(f"{_line(message)}\n" for message in messages).encode()
    to_seq = asked.from_seq + len(messages) - 1
    # A node without a ledger tree of its own signs what stands for one: a root that only grows with the messages sent.
    root = hashlib.sha256(lines).hexdigest()
    head = {"at": now.isoformat(timespec="seconds"), "root": root, "size": to_seq}
    manifest = {
        "batch_no": f"{node}-{now:%Y%m%d}-{asked.number:06d}",
        "node": node,
        "epoch": asked.epoch,
        "schema_version": 1,
        "count": len(messages),
        "chain": asked.chain,
        "from_seq": asked.from_seq,
        "to_seq": to_seq,
        "previous": _previous(asked.previous),
        "body_digest": wire.digest(lines),
        "ledger_head": wire.jws(jwk, wire.canonical(head).encode(), typ="ledger-head"),
        "created_at": now.isoformat(timespec="seconds"),
    }
    sys.stdout.buffer.write(json.dumps(manifest).encode() + b"\n" + lines)


def _line(message: dict[str, object]) -> str:
    whole = {**message, "digest": message.get("digest") or wire.message_digest(message)}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _previous(path: Path | None) -> dict[str, str] | None:
    if path is None:
        return None
    before = json.loads(path.read_bytes().partition(b"\n")[0])
    return {"batch_no": before["batch_no"], "body_digest": before["body_digest"]}


if __name__ == "__main__":
    main()
