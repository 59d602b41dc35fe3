"""The two folders of a peer that is reached by file: what we write, what we read, and where what was read goes.

A file appears whole or not at all: it is written under a temporary name, forced to the disk, and renamed.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models import Peer
from registry.clock import now
from registry.config import Settings
from registry.errors import RuleViolation

UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
SETTLING_SECONDS = 60
"""How long a file that is not whole counts as still being written."""
LONGEST_STEM = 220
"""Bytes of a name that leave room for `.reason.txt` and a temporary name: a file system takes 255."""


class FolderRefused(RuleViolation):
    """The folder of a peer cannot be used."""

    code = "folder_refused"


@dataclass(frozen=True, slots=True)
class Folders:
    """`outbox` is ours to write, `inbox` ours to read; `inbox/done` and `inbox/bad` hold what was read."""

    outbox: Path
    inbox: Path

    @classmethod
    def of(cls, settings: Settings, peer: Peer) -> "Folders":
        """The folders of a peer, made where they are missing: under `folder` of its settings, else the data folder.

        FolderRefused.
        """
        told = peer.settings.get("folder")
        base = Path(told) if told else settings.data_dir / "exchange" / peer.node
        if not base.is_absolute():
            raise FolderRefused("The folder of a peer is told by its whole path.")
        folders = cls(base / "outbox", base / "inbox")
        try:
            for folder in (folders.outbox, folders.inbox, folders.inbox / "done", folders.inbox / "bad"):
                folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderRefused(f"The folder of a peer cannot be made: {error.strerror}.") from error
        return folders

    def arrived(self) -> Iterator[Path]:
        """The files of the inbox, by name; hidden ones and those under a temporary name are still on their way."""
        for path in sorted(self.inbox.iterdir()):
            if path.is_file() and not path.name.startswith(".") and path.suffix not in UNFINISHED:
                yield path

    def put(self, name: str, content: bytes) -> None:
        """Write a file into the outbox; one of the same name is replaced."""
        put(self.outbox / name, content)

    def done(self, *paths: Path) -> None:
        """Move what was read away. Gone already: another process has read it as well, to the same effect."""
        for path in paths:
            _move(path, self.inbox / "done")

    def bad(self, *paths: Path, code: str, why: str) -> None:
        """Move what cannot be read away, with the reason beside it."""
        for path in paths:
            stem = os.fsdecode(os.fsencode(path.name)[:LONGEST_STEM])
            put(self.inbox / "bad" / f"{stem}.reason.txt", f"{code}: {why}\n".encode("utf-8", "replace"))
            _move(path, self.inbox / "bad")


def put(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, also after the power has failed.

    The folder may be writable to the partner, so nothing is written through a link that stands under the temporary name.
    """
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
    with open(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o640)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    _force(path.parent)


def is_settling(path: Path) -> bool:
    """Whether a file was written to a moment ago; one of the future was brought from a clock that is wrong."""
    return abs(now().timestamp() - path.stat().st_mtime) < SETTLING_SECONDS


def shown(name: str) -> str:
    """The name of a file as text: one in another encoding than ours has bytes that are none."""
    return name.encode("utf-8", "replace").decode()


def _move(path: Path, folder: Path) -> None:
    try:
        path.replace(folder / path.name)
    except FileNotFoundError:
        return
    _force(folder)
    _force(path.parent)


def _force(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
