"""Files that lie in the folders of a peer, counted by folder and kind, with the one that has lain there longest."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from registry.clock import BEIJING
from sync.carriers.folders import Folders, shown

_KINDS: Mapping[str, re.Pattern[str]] = {
    "batches": re.compile(r".*\.zip"),
    "receipts": re.compile(r".*\.receipt\.json"),
    "refusals": re.compile(r".*\.error\.json"),
    "signatures": re.compile(r".*\.jws"),
    "error_files": re.compile(r".*\.errors.*\.(xlsx|csv)"),
    "templates": re.compile(r".*\.xlsx"),
}
_REASON = ".reason.txt"


def lying(folders: Folders) -> Mapping[str, Any]:
    """What lies in outbox, inbox and `inbox/bad`. OSError."""
    found = []
    for folder, path in (("outbox", folders.outbox), ("inbox", folders.inbox), ("bad", folders.inbox / "bad")):
        kinds: dict[str, list[tuple[float, str]]] = {}
        for name, changed in _files(path):
            kinds.setdefault(_kind_of(name), []).append((changed, name))
        for kind in (*_KINDS, "others"):
            if kind in kinds:
                oldest, name = min(kinds[kind])
                since = datetime.fromtimestamp(oldest, UTC).astimezone(BEIJING).isoformat(timespec="seconds")
                found.append({"folder": folder, "kind": kind, "count": len(kinds[kind]), "since": since, "name": name})
    return {"files": found}


def _files(folder: Path) -> list[tuple[str, float]]:
    """Names and when each was written; what another process takes away meanwhile is left out."""
    found = []
    for path in folder.iterdir():
        try:
            if path.is_file() and not path.name.startswith(".") and not path.name.endswith(_REASON):
                found.append((shown(path.name), path.lstat().st_mtime))
        except FileNotFoundError:
            continue
    return found


def _kind_of(name: str) -> str:
    return next((kind for kind, form in _KINDS.items() if form.fullmatch(name)), "others")
