"""Files by content: sniffed, limited, kept once under their hash."""

from .sniff import ALLOWED, FileDangerous, FileRefused, Kind, sniff
from .store import keep, open_file, read, remove_unreferenced

__all__ = [
    "ALLOWED",
    "FileDangerous",
    "FileRefused",
    "Kind",
    "keep",
    "open_file",
    "read",
    "remove_unreferenced",
    "sniff",
]
