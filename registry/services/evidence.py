"""Files handed in for a case: looked at by what they hold, kept encrypted, never public.

Nothing is unpacked or rendered here. What a file says of itself, its name and type, is not believed.
"""

import hashlib
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image, UnidentifiedImageError

from models import Evidence, Proceeding, db
from registry.clock import now
from registry.errors import NotFound
from registry.ledger import Actor
from registry.services.imports.faults import Fault
from registry.services.personal_values import Vault

LARGEST = 8 * 1024 * 1024
MOST = 6
LARGEST_TOGETHER = 24 * 1024 * 1024
"""Below what the application takes in at all, so that too much is told in words."""
MOST_PIXELS = 80_000_000
"""A photograph has fewer; a picture that unfolds to more is meant to exhaust whoever opens it."""
LONGEST_NAME = 120
_IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg"}
_ENDINGS = {"application/pdf": (".pdf",), "image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
_ACTIVE = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/XFA")
"""What makes a PDF do something, or carry other files."""
_FORBIDDEN_IN_NAMES = frozenset('/\\<>:"|?*')


class EvidenceNotFound(NotFound):
    """There is no such file in this case."""

    code = "evidence_not_found"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file as it came: the name that the browser gave, and its bytes."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A kept file, opened for an officer."""

    id: int
    name: str
    media_type: str
    size: int


def check(files: Sequence[HandedIn], cell: str) -> tuple[list[Checked], list[Fault]]:
    """The files that may be kept, and everything that is wrong with the others, under the name of their field."""
    kept, faults = [], []
    if len(files) > MOST:
        faults.append(Fault(cell, "too_many_files", {"most": MOST}))
    if sum(len(each.content) for each in files) > LARGEST_TOGETHER:
        faults.append(Fault(cell, "files_too_large", {"most": LARGEST_TOGETHER // 2**20}))
    for number, each in enumerate(files[:MOST], start=1):
        media_type, code = _look_at(each)
        if media_type is None:
            faults.append(Fault(cell, code, {"number": number, "most": LARGEST // 2**20, "longest": LONGEST_NAME}))
        else:
            kept.append(Checked(unicodedata.normalize("NFC", each.name), media_type, each.content))
    return kept, faults


def keep(proceeding: Proceeding, files: Sequence[Checked], *, vault: Vault, actor: Actor) -> None:
    """Store checked files with a case that was flushed. The caller commits."""
    for each in files:
        digest = hashlib.sha256(each.content)
        place = _place(proceeding, digest.hexdigest())
        db.session.add(
            Evidence(
                proceeding_id=proceeding.id,
                name=vault.encrypt(f"{place}|name", each.name.encode()),
                media_type=each.media_type,
                size=len(each.content),
                sha256=digest.digest(),
                content=vault.encrypt(place, each.content),
                handed_in_by=str(actor),
                handed_in_at=now(),
            )
        )
    db.session.flush()


def opened(proceeding: Proceeding, rows: Sequence[Evidence], *, vault: Vault) -> list[Opened]:
    """Names and sizes of what was handed in for a case."""
    return [
        Opened(row.id, vault.decrypt(f"{_place(proceeding, row.sha256.hex())}|name", row.name).decode(), *_kind(row))
        for row in rows
    ]


def content_of(proceeding: Proceeding, row: Evidence, *, vault: Vault) -> bytes:
    """The bytes of one file. The caller logs the access."""
    return vault.decrypt(_place(proceeding, row.sha256.hex()), row.content)


def _kind(row: Evidence) -> tuple[str, int]:
    return row.media_type, row.size


def _place(proceeding: Proceeding, digest: str) -> str:
    return f"evidence|{proceeding.record_id}|{digest}"


def _look_at(file: HandedIn) -> tuple[str | None, str]:
    """The type of a file by what it holds; None and the code of what is wrong with it."""
    if not file.content:
        return None, "file_empty"
    if len(file.content) > LARGEST:
        return None, "file_too_large"
    if not _is_name(file.name):
        return None, "file_name_bad"
    if file.content.startswith(b"%PDF-"):
        media_type, code = _look_at_pdf(file.content)
    else:
        media_type, code = _look_at_image(file.content)
    if media_type is not None and not file.name.lower().endswith(_ENDINGS[media_type]):
        return None, "file_type_differs"
    return media_type, code


def _is_name(name: str) -> bool:
    """A plain name: no path, no mark-up, nothing that cannot be seen."""
    if not name.strip(". ") or len(name) > LONGEST_NAME or name.startswith(".") or ".." in name:
        return False
    return not _FORBIDDEN_IN_NAMES & set(name) and all(unicodedata.category(each)[0] != "C" for each in name)


def _look_at_pdf(content: bytes) -> tuple[str | None, str]:
    if b"%%EOF" not in content[-2048:]:
        return None, "file_damaged"
    if any(word in content for word in _ACTIVE):
        return None, "file_active"
    return "application/pdf", ""


def _look_at_image(content: bytes) -> tuple[str | None, str]:
    """Only the head of a picture is read; its pixels are never unfolded."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_IMAGES)) as image:
            width, height = image.size
            media_type = _IMAGES[str(image.format)]
    except UnidentifiedImageError:
        return None, "file_type_unknown"
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None, "file_unfolds"
    except (OSError, SyntaxError, ValueError):
        return None, "file_damaged"
    if width * height > MOST_PIXELS:
        return None, "file_unfolds"
    return media_type, ""
