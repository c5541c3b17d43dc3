"""The example library in memory, broken in a named way, and what the linter finds in it."""

import copy
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from siban.catalog.libraries import read_yaml
from siban.catalog.linting import paths, surroundings
from siban.catalog.linting.files import Files, Read
from siban.catalog.linting.inspection import Inspection, Row

FOLDER = surroundings.REFERENCE
Change = dict[str, Any]


@lru_cache(maxsize=1)
def documents() -> dict[str, dict[str, Any]]:
    """Every file of the library as it was read; never to be changed."""
    names = [f"departments/{f.name}" for f in sorted((FOLDER / "departments").glob("*.yaml"))]
    return {name: read_yaml(FOLDER / name) for name in (*names, "townships.yaml", "villages.yaml")}


@lru_cache(maxsize=1)
def defects() -> list[dict[str, Any]]:
    return list(read_yaml(FOLDER / "defects.yaml")["defects"])


def items_of(name: str) -> list[dict[str, Any]]:
    return list(documents()[name]["items"])


def item(slug: str) -> dict[str, Any]:
    """A clean item of the library, to be copied before it is changed."""
    return next(i for said in documents().values() for i in said["items"] if i["id"] == slug)


class Given(Files):
    """Files as given in memory, standing where the clean ones stand."""

    def __init__(self, said: dict[str, dict[str, Any]]) -> None:
        super().__init__([])
        self._given = [Read(FOLDER / name, one) for name, one in said.items()]

    def _read(self) -> list[Read]:
        return self._given


def apply(change: Change, said: dict[str, Any], slug: str, statuses: dict[str, str]) -> None:
    """One change as `defects.yaml` writes it, made in place."""
    one = next(i for i in said["items"] if i["id"] == slug)
    path, op = change["path"], change["op"]
    if path == "@catalogue.status":
        statuses[one["basic_code"]] = change["value"]
    elif path == "@duplicate":
        said["items"].append({**copy.deepcopy(one), "id": change["value"]})
    elif op == "remove":
        paths.drop(one, path)
    else:
        paths.put(one, path, copy.deepcopy(change["value"]))


def found_in(
    broken: Iterable[tuple[str, str, list[Change]]],
    monkeypatch: Any,
    select: tuple[str, ...] = (),
    whole: bool = False,
) -> list[Row]:
    """What is found when each (file, item, changes) is made; the whole library, or the files changed and their bases."""
    broken = list(broken)
    statuses: dict[str, str] = {}
    names = {file for file, _, _ in broken}
    if whole:
        names = set(documents())
    said = {name: copy.deepcopy(one) if name in names else one for name, one in documents().items() if name in names}
    for file, slug, changes in broken:
        for change in changes:
            apply(change, said[file], slug, statuses)
    monkeypatch.setattr(surroundings, "statuses", lambda folder: statuses)
    return list(Inspection([Given(said)], select=select).rows())
