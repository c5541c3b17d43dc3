"""Many files as one ZIP, sent while it is being made: nothing is held whole, the same contents give the same bytes."""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from .store import harmless

STAMP = (2020, 1, 1, 0, 0, 0)  # one instant for every entry: a bundle depends on what is in it alone
CHUNK = 256 * 1024
FORBIDDEN = re.compile(r'[\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class Packed:
    """One entry: its folder (may be empty), its name, and how its bytes are fetched when its turn comes."""

    folder: str
    name: str
    read: Callable[[], Iterable[bytes]]


class _Outlet:
    """What the archive writes into; hands on what has come since."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.kept.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        data, self.kept = b"".join(self.kept), []
        return data


def names(entries: Iterable[Packed]) -> list[str]:
    """The path of each entry: safe on every system, each once (`照片.jpg`, `照片（2）.jpg`)."""
    used: dict[str, int] = {}
    found = []
    for entry in entries:
        folder, name = (
            FORBIDDEN.sub("_", harmless(part.replace("/", "_"))) for part in (entry.folder or "-", entry.name)
        )
        path = name if not entry.folder else f"{folder}/{name}"
        used[path.lower()] = used.get(path.lower(), 0) + 1
        if (again := used[path.lower()]) > 1:
            stem, dot, ending = path.rpartition(".")
            path = f"{stem}（{again}）.{ending}" if dot and "/" not in ending else f"{path}（{again}）"
        found.append(path)
    return found


def packed(entries: Iterable[Packed]) -> Iterator[bytes]:
    """The ZIP, piece by piece. A file the store has lost is named as missing, the rest is sent all the same."""
    listed = list(entries)
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:  # type: ignore[call-overload]
        for entry, path in zip(listed, names(listed), strict=True):
            try:
                chunks = iter(entry.read())
                first = next(chunks, b"")
            except OSError:
                path, chunks, first = (
                    f"{path}（暂时取不到，请联系窗口）.txt",
                    iter(()),
                    "文件暂时取不到，请联系窗口。".encode(),
                )
            about = zipfile.ZipInfo(path, STAMP)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with book.open(about, "w", force_zip64=True) as place:
                place.write(first)
                for chunk in chunks:
                    place.write(chunk)
                    if outlet.kept:
                        yield outlet.taken()
            yield outlet.taken()
    yield outlet.taken()
