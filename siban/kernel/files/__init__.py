"""Files by content: sniffed, limited, kept once under their hash."""

from .packing import Packed, packed
from .sniff import ALLOWED, UNREADABLE, FileDangerous, FileRefused, Kind, sniff
from .store import chunks, keep, open_file, read, remove_unreferenced

__all__ = [
    "ALLOWED",
    "UNREADABLE",
    "FileDangerous",
    "FileRefused",
    "Kind",
    "Packed",
    "chunks",
    "keep",
    "open_file",
    "packed",
    "read",
    "remove_unreferenced",
    "sniff",
]
