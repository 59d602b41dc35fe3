"""Batches and receipts as files (exchange.md 8), and upload templates for a portal where a person uploads.

A file is moved away after the transaction that took it in. Whoever is killed between the two reads it again, to no further
effect: a receipt that stands is known, a batch that stands gives the same receipt.
"""

from collections.abc import Mapping
from typing import Any

from models import Peer, SentBatch
from registry.config import Settings
from sync import own_head, peers
from sync.carriers import archive, detached, handing, lying_files, upload_templates
from sync.carriers.archive import Archive
from sync.carriers.folders import Folders
from sync.carriers.handing import NotReached
from sync.carriers.inbox import Inbox
from sync.keys import own_keys
from sync.runs import Run
from sync.sealed import lines_of

TEMPLATES = "templates"
"""`output` of a peer's settings where a person uploads; otherwise a batch goes as a zip."""


def push(settings: Settings, node: str, *, told: bool, most: int | None = None) -> Run:
    """Read the inbox, then write what waits into the outbox. PeerUnknown, NotUpwards, AlreadyRunning, FolderRefused."""
    return handing.push(settings, node, FilePartner, told=told, most=most)


def pull(settings: Settings, node: str, *, told: bool, most: int | None = None) -> Run:
    """Read the inbox, whole: batches, receipts, errors. PeerUnknown, AlreadyRunning, FolderRefused."""
    del most  # a folder holds what a person can carry
    return handing.pull(settings, node, FilePartner, told=told)


class FilePartner:
    """The folders of one peer during a run."""

    def __init__(self, settings: Settings, peer: Peer) -> None:
        self._settings, self._node = settings, peer.node
        self._folders = Folders.of(settings, peer)
        self._by_templates = peer.settings.get("output") == TEMPLATES
        self.among = upload_templates.HAVE_A_PLACE if self._by_templates else None

    def read_back(self, run: Run) -> None:
        """Take in every file that is there. NotReached."""
        try:
            Inbox(self._settings, peers.get(self._node), self._folders).read(run, own_head.newest(self._settings))
        except OSError as error:
            raise NotReached("folder_unusable") from error

    def lying(self) -> Mapping[str, Any]:
        """What lies in the folders. NotReached."""
        try:
            return lying_files.lying(self._folders)
        except OSError as error:
            raise NotReached("folder_unusable") from error

    def hand_over(self, batch: SentBatch) -> Mapping[str, Any]:
        """Write a batch into the outbox; the same bytes each time. NotReached."""
        try:
            if self._by_templates:
                names = upload_templates.write(batch, self._folders, self._settings)
                return {"carrier": "file", "names": names}
            assert batch.manifest is not None
            lines = lines_of(batch)
            assert lines is not None
            signature = detached.sign(own_keys(self._settings), batch.manifest)
            name = f"{batch.batch_no}.zip"
            packed = archive.pack(Archive(batch.manifest, lines, signature), batch.frozen_at)
            self._folders.put(name, packed)
        except OSError as error:
            raise NotReached("folder_unwritable") from error
        return {"carrier": "file", "names": [name], "manifest.jws": signature.decode()}
