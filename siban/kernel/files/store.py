"""The store: bytes under their hash, written whole before the row that names them."""

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.conf import settings

from siban.kernel.ids import uuid7

from .sniff import FileRefused, sniff

if TYPE_CHECKING:
    from siban.kernel.models import StoredFile

CHUNK = 1024 * 1024


def _place(sha256: str) -> Path:
    return Path(settings.HOME_FILES) / sha256[:2] / sha256[2:4] / sha256


def _write(chunks: Iterable[bytes], limit: int | None, name: str) -> tuple[str, int]:
    """Write a temporary file, flush it to disk, give it its name. A crash leaves no half file under a hash."""
    root = Path(settings.HOME_FILES)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    sha, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=root, prefix=".incoming-", delete=False) as temporary:
        try:
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise FileRefused(
                        f"文件“{name}”超过 {limit // (1024 * 1024)} MB。请压缩、降低清晰度或者拆成几份后再上传。"
                    )
                sha.update(chunk)
                temporary.write(chunk)
            temporary.flush()
            os.fsync(temporary.fileno())
            place = _place(sha.hexdigest())
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.replace(temporary.name, place)
        except BaseException:
            Path(temporary.name).unlink(missing_ok=True)
            raise
    return sha.hexdigest(), size


DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)  # names Windows can't save


def harmless(name: str) -> str:
    """A name to show and to save: no folders, no invisible characters that turn it around, no device of a computer."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp")).strip()[-200:]
    if not seen.strip("."):
        return "未命名"
    return f"_{seen}" if DEVICES.fullmatch(seen) else seen


def keep(
    content: bytes | BinaryIO,
    *,
    name: str,
    at: datetime,
    owner_id: UUID | None = None,
    subject: tuple[str, str] = ("", ""),
    media_type: str | None = None,
    limit: int | None = None,
) -> "StoredFile":
    """Take a file in: uploads are sniffed (`media_type=None`), our own products say what they are.

    Returns the saved `StoredFile`.

    Raises:
        FileRefused: too large or not a type we take, with the sentence for the person.
    """
    from siban.kernel.models import StoredFile

    limit = settings.UPLOAD_LIMIT if limit is None and media_type is None else limit
    name = harmless(name)
    if isinstance(content, bytes):
        sha, size = _write([content], limit, name)
    else:
        content.seek(0)
        sha, size = _write(iter(lambda: content.read(CHUNK), b""), limit, name)
    if media_type is None:
        with _place(sha).open("rb") as stream:
            media_type = sniff(stream, name).media_type
    return StoredFile.objects.create(
        id=uuid7(), sha256=sha, size=size, media_type=media_type, name=name, owner_id=owner_id, created_at=at,
        subject_type=subject[0], subject_id=subject[1],
    )  # fmt: skip


def open_file(file: "StoredFile") -> BinaryIO:
    """The bytes as a stream. Raises FileNotFoundError when the store lost them."""
    return _place(file.sha256).open("rb")


def chunks(file: "StoredFile") -> Iterator[bytes]:
    """The bytes piece by piece, the file closed afterwards. Raises FileNotFoundError when the store lost them."""
    with open_file(file) as stream:
        yield from iter(lambda: stream.read(CHUNK), b"")


def read(file: "StoredFile") -> bytes:
    """All bytes, checked against the hash. Raises OSError when the store gave back something else."""
    body = _place(file.sha256).read_bytes()
    if hashlib.sha256(body).hexdigest() != file.sha256:
        raise OSError(f"stored file {file.pk} does not match its hash")
    return body


UNNAMED_FOR = timedelta(days=1)  # an upload under way has its bytes before its row


def remove_unreferenced(*, at: datetime) -> int:
    """Delete bytes no row names and none has named for a day: refused uploads leave them. Returns how many went."""
    from siban.kernel.models import StoredFile

    gone, before = 0, (at - UNNAMED_FOR).timestamp()
    for place in Path(settings.HOME_FILES).glob("??/??/*"):
        if place.stat().st_mtime < before and not StoredFile.objects.filter(sha256=place.name).exists():
            place.unlink(missing_ok=True)
            gone += 1
    return gone
