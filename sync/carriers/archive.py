"""A batch as a zip: `manifest.json`, `messages.ndjson`, and `manifest.jws`, which vouches for the manifest's bytes.

The manifest digests the messages, so that one signature covers both (exchange.md 4, 8).
"""

import struct
import zlib
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from registry.clock import BEIJING
from sync.manifest import LONGEST_MANIFEST, MOST_BYTES, Malformed, TooLarge

MANIFEST, MESSAGES, SIGNATURE = "manifest.json", "messages.ndjson", "manifest.jws"
LARGEST_ZIP = MOST_BYTES + 2 * LONGEST_MANIFEST
_MOST = {MANIFEST: LONGEST_MANIFEST, MESSAGES: MOST_BYTES, SIGNATURE: LONGEST_MANIFEST}


class NotWhole(Malformed):
    """The bytes are no complete zip: the file may still be on its way."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The three members of a zip."""

    manifest: bytes
    messages: bytes
    signature: bytes

    @property
    def plain(self) -> bytes:
        """The batch as the wire has it. A line end between the members of a manifest means nothing in JSON."""
        return b"%b\n%b" % (self.manifest.replace(b"\r", b" ").replace(b"\n", b" ").rstrip(b" "), self.messages)


def pack(archive: Archive, frozen_at: datetime) -> bytes:
    """The zip of a frozen batch: the same bytes whenever it is written."""
    packed = BytesIO()
    moment = frozen_at.astimezone(BEIJING)
    with ZipFile(packed, "w", ZIP_DEFLATED) as made:
        for name, content in (
            (MANIFEST, archive.manifest),
            (MESSAGES, archive.messages),
            (SIGNATURE, archive.signature),
        ):
            entry = ZipInfo(name, moment.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            made.writestr(entry, content)
    return packed.getvalue()


def unpack(packed: bytes) -> Archive:
    """The members of a zip. NotWhole, Malformed, TooLarge; nothing is read beyond what a batch may hold."""
    try:
        with ZipFile(BytesIO(packed)) as found:
            if sorted(found.namelist()) != sorted(_MOST):
                raise Malformed(f"The zip does not hold just {', '.join(_MOST)}.")
            if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in found.infolist()):
                raise Malformed("The zip is packed in another way than deflate.")
            return Archive(*(_read(found, name) for name in (MANIFEST, MESSAGES, SIGNATURE)))
    except (BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError) as error:
        raise NotWhole("The file is no whole zip.") from error
    except RuntimeError as error:
        raise Malformed("The zip is encrypted, or of a kind that is not read here.") from error


def _read(found: ZipFile, name: str) -> bytes:
    with found.open(name) as entry:
        content = entry.read(_MOST[name] + 1)
    if len(content) > _MOST[name]:
        raise TooLarge(f"{name} is longer than a batch may be.")
    return content
