"""Blank forms (空表) and filled samples (样表) of every material that is a form, drawn from the data elements it asks for."""

from .drawn import KINDS, SUFFIXES, file_of
from .links import FIELDS, OWN, drawn_name, links, own_file
from .sheet import Sheet, sheet_of

__all__ = [
    "FIELDS",
    "KINDS",
    "OWN",
    "SUFFIXES",
    "Sheet",
    "drawn_name",
    "file_of",
    "links",
    "own_file",
    "sheet_of",
]
