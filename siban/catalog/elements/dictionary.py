"""The dictionary of data elements and the code lists, read once from the files of this package."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ELEMENTS = HERE.parent / "reference" / "data_elements.yaml"
LISTS = HERE / "code_lists.yaml"


@dataclass(frozen=True, slots=True)
class Element:
    """A data element as the dictionary states it; what is not `reusable` is never prefilled."""

    id: str
    name: str
    type: str
    validation: str
    code_set: str = ""
    options: tuple[str, ...] = ()
    reusable: bool = False
    personal_information: bool = False
    sensitive: bool = False


def read_file(path: Path) -> Any:
    """A reference file of this room."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def elements() -> dict[str, Element]:
    """Every element by its id, in the order of the dictionary."""
    return {
        said["id"]: Element(**{**said, "options": tuple(said.get("options", ()))})
        for said in read_file(ELEMENTS)["data_elements"]
    }


def element(element_id: str) -> Element:
    """The element with this id. Raises KeyError: a form asks for something the dictionary does not know."""
    return elements()[element_id]


@cache
def code_lists() -> dict[str, tuple[tuple[str, str], ...]]:
    """(code, label) pairs by standard; a standard without a list here is answered in free text."""
    return {name: tuple(said["codes"].items()) for name, said in read_file(LISTS).items()}
