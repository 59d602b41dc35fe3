"""Reading the inbox of a peer that is reached by file.

`<batch_no>.zip` is a batch of the peer's; `<batch_no>.receipt.json` and `.error.json` answer one of ours, each with its
signature in a `.jws` beside it where the peer has keys; `<batch_no>.errors*.xlsx` or `.csv` is a portal's error file.
"""

import re
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.exc import IntegrityError

from models import Peer, db
from registry.config import Settings
from registry.transaction import transaction
from sync import batches, incidents, peers
from sync.batches import BatchRefused
from sync.carriers import answers, archive, detached, error_files
from sync.carriers.detached import NotVouchedFor
from sync.carriers.error_files import Unmatched
from sync.carriers.folders import Folders, is_settling, shown
from sync.keys import own_keys
from sync.manifest import LONGEST_MANIFEST, Malformed, TooLarge, batch_node
from sync.receipts import Unsound
from sync.runs import Run

LARGEST_ANSWER = 16 * 1024 * 1024
_KNOWN = re.compile(
    r"(?P<batch_no>\d{6}-\d{8}-\d{6})\.(?P<kind>zip|receipt\.json|receipt\.jws|error\.json|error\.jws|errors[^/]*\.(xlsx|csv))"
)


class _Unusable(Exception):
    """The file is moved away with this reason."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


class _NotYet(Exception):
    """Something belongs to the file that is not there yet."""


class _Unreadable(Exception):
    """The file is there, and may not be read."""


class Inbox:
    """One peer's inbox during a run."""

    def __init__(self, settings: Settings, peer: Peer, folders: Folders) -> None:
        self._settings, self._folders = settings, folders
        self._peer_id, self._node = peer.id, peer.node
        self._signs = bool(peer.keys)  # also where the last one is retired: nothing is believed then
        db.session.commit()

    def read(self, run: Run, head: str | None) -> None:
        """Take every file in, in the order of the names. Commits one by one; `head` goes into receipts of ours."""
        error_groups: dict[str, list[Path]] = {}
        for path in self._folders.arrived():
            found = _KNOWN.fullmatch(path.name)
            if found is None or path.is_symlink():
                self._refuse(path, _Unusable("unknown_file", "No file of the exchange has such a name."))
            elif found["kind"].startswith("errors"):
                error_groups.setdefault(found["batch_no"], []).append(path)
            else:
                self._read(path, found["batch_no"], found["kind"], run, head)
        for batch_no, paths in error_groups.items():
            if not any(_is_settling(path) for path in paths):  # half of one would count the rest as taken
                self._read_error_files(batch_no, paths, run)

    def _read(self, path: Path, batch_no: str, kind: str, run: Run, head: str | None) -> None:
        try:
            match kind:
                case "zip":
                    self._take_batch(path, batch_no, run, head)
                case "receipt.json":
                    self._take_receipt(path, batch_no, run)
                case "error.json":
                    self._take_error(path, batch_no, run)
                case _:
                    self._follow(path)
        except _NotYet:
            return
        except _Unreadable:
            with transaction():
                incidents.note("file_unreadable", peers.get(self._node), file=shown(path.name))
        except _Unusable as error:
            self._refuse(path, error)

    def _take_batch(self, path: Path, batch_no: str, run: Run, head: str | None) -> None:
        """Receive a batch of the peer's; its receipt, or why it was refused, is written beside."""
        if batch_node(batch_no) != self._node:
            raise _Unusable("node_mismatch", "The batch is another node's.")
        try:
            packed = _content(path, archive.LARGEST_ZIP)
            sent = archive.unpack(packed)
            header = self._checked(sent.signature, sent.manifest)
            if _batch_no(sent.manifest) != batch_no:
                raise _Unusable("malformed", "The file has the name of another batch.")
            named = {"manifest.jws": sent.signature.decode("ascii"), "kid": str(header.get("kid"))}
            whole = batches.Sent(packed, sent.plain, named)
            receipt = batches.receive(whole, peer_node=self._node, own_head=head)
        except archive.NotWhole as error:
            if is_settling(path):
                raise _NotYet from error
            self._answer_refusal(batch_no, BatchRefused(400, "batch_incomplete", str(error)))
        except TooLarge as error:
            self._answer_refusal(batch_no, BatchRefused(413, "too_large", str(error)))
        except Malformed as error:
            self._answer_refusal(batch_no, BatchRefused(400, "malformed", str(error)))
        except BatchRefused as refusal:
            self._answer_refusal(batch_no, refusal)
        except IntegrityError as error:  # an officer was faster: the whole again with the next run
            raise _NotYet from error
        else:
            self._put_signed(f"{batch_no}.receipt", receipt.body)
            self._folders.done(path)
            run.counts["batches_read"] += 1
            if not receipt.replayed:
                told = orjson.loads(receipt.body)
                run.counts.update({name: told[name] for name in ("received", "accepted", "duplicate", "superseded")})
                run.counts["rejected"] += told["rejected"]

    def _answer_refusal(self, batch_no: str, refusal: BatchRefused) -> None:
        problem = {"status": refusal.status, "code": refusal.code, "detail": str(refusal), "batch_no": batch_no}
        self._put_signed(f"{batch_no}.error", orjson.dumps(problem | refusal.members))
        raise _Unusable(refusal.code, str(refusal)) from refusal

    def _put_signed(self, stem: str, body: bytes) -> None:
        """Write an answer of ours, its signature first: who sees the answer finds both."""
        token = detached.sign(own_keys(self._settings), body)
        self._folders.put(f"{stem}.jws", token)
        self._folders.put(f"{stem}.json", body)

    def _take_receipt(self, path: Path, batch_no: str, run: Run) -> None:
        body, vouching = self._answer(path)
        batch = answers.named(self._peer_id, batch_no)
        if batch is None:
            raise _Unusable("not_found", "No such batch was sent to this peer.")
        try:
            receipt = answers.take_receipt(batch.id, body, vouching, node=self._node)
        except Unsound as error:
            raise _Unusable("receipt_unsound", str(error)) from error
        self._folders.done(path, path.with_suffix(".jws"))
        if receipt is not None:
            run.counts.update(receipt.counts)
            run.counts["receipts"] += 1

    def _take_error(self, path: Path, batch_no: str, run: Run) -> None:
        body, _ = self._answer(path)
        batch = answers.named(self._peer_id, batch_no)
        try:
            problem = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise _Unusable("malformed", "It is no JSON.") from error
        if batch is None or not isinstance(problem, dict) or problem.get("batch_no") != batch_no:
            raise _Unusable("not_found", "It answers no batch that was sent to this peer.")
        answers.take_refusal(batch.id, problem, node=self._node)
        self._folders.done(path, path.with_suffix(".jws"))
        run.counts["refused_batches"] += 1

    def _answer(self, path: Path) -> tuple[bytes, dict[str, Any]]:
        """An answer of the peer's, and how it is vouched for."""
        body = _content(path, LARGEST_ANSWER)
        if not self._signs:
            return body, {"carrier": "file"}
        beside = path.with_suffix(".jws")
        if not beside.is_file():
            raise _NotYet
        token = _content(beside, LONGEST_MANIFEST)
        self._checked(token, body)
        return body, {"carrier": "file", "jws": token.decode("ascii")}

    def _checked(self, token: bytes, payload: bytes) -> dict[str, Any]:
        try:
            return dict(detached.check(token, payload, sender=self._node, jwk_of=peers.trusted_jwk))
        except NotVouchedFor as error:
            raise _Unusable(error.code, str(error)) from error
        finally:
            db.session.commit()

    def _follow(self, signature: Path) -> None:
        """A signature goes where its answer went, should a killed process have left it behind."""
        answer = signature.with_suffix(".json").name
        if not (self._folders.inbox / answer).exists():
            for folder in ("done", "bad"):
                if (self._folders.inbox / folder / answer).exists():
                    self._folders.done(signature)
                    return

    def _read_error_files(self, batch_no: str, paths: list[Path], run: Run) -> None:
        batch = answers.named(self._peer_id, batch_no)
        try:
            if batch is None:
                raise Unmatched("not_found", "No such batch was sent to this peer.")
            receipt = error_files.take(batch.id, paths, node=self._node)
        except (Unmatched, Unsound) as error:
            code = error.code if isinstance(error, Unmatched) else "receipt_unsound"
            for path in paths:
                self._refuse(path, _Unusable(code, str(error)))
            return
        self._folders.done(*paths)
        if receipt is not None:
            run.counts.update(receipt.counts)
            run.counts["receipts"] += 1

    def _refuse(self, path: Path, error: _Unusable) -> None:
        """Note it first: who is killed before the file is gone only counts it twice."""
        with transaction():
            incidents.note(error.code, peers.get(self._node), file=shown(path.name))
        beside = path.with_suffix(".jws")
        signature = [beside] if path.suffix == ".json" and beside.is_file() else []
        self._folders.bad(path, *signature, code=error.code, why=str(error))


def _is_settling(path: Path) -> bool:
    try:
        return is_settling(path)
    except FileNotFoundError:  # another process has just read it
        return True


def _batch_no(manifest: bytes) -> Any:
    """The number that a manifest tells. Malformed."""
    try:
        members = orjson.loads(manifest)
    except orjson.JSONDecodeError as error:
        raise Malformed("The manifest is no JSON.") from error
    return members.get("batch_no") if isinstance(members, dict) else None


def _content(path: Path, most: int) -> bytes:
    """The bytes of a file. _NotYet where another process has just read it, _Unreadable."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except FileNotFoundError as error:
        raise _NotYet from error
    except OSError as error:
        raise _Unreadable from error
    if len(content) > most:
        raise _Unusable("too_large", "The file is longer than such a file may be.")
    return content
