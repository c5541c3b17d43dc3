"""The demonstration library: all items of the banner, its sumus and gachas, published at one instant, a few with faults to be mended."""

import copy
import shutil
import tempfile
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from siban.kernel.actor import Actor

from . import actions, loading
from .libraries import plain, read_yaml
from .linting import paths
from .models import ImplementationItem

DEFECTS = loading.REFERENCE / "defects.yaml"


def build(at: datetime, *, faulty: Collection[str] = ()) -> None:
    """Load the product's own example library; twice changes nothing.

    Args:
        faulty: numbers of `defects.yaml` that the first edition has; only of departments' items, never of the catalogue.
    """
    if ImplementationItem.objects.exists():
        return
    if not faulty:
        loading.load(None, at)
        return
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "library"
        shutil.copytree(loading.REFERENCE, folder)
        for name, defects in _by_file(faulty).items():
            said: dict[str, Any] = plain(read_yaml(folder / name))
            for one in said["items"]:
                for defect in defects:
                    if defect["item"] == one["id"]:
                        _break(one, defect["changes"])
            (folder / name).write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), encoding="utf-8")
        loading.load(folder, at)


def _by_file(faulty: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for defect in read_yaml(DEFECTS)["defects"]:
        if defect["id"] in faulty:
            found.setdefault(defect["file"], []).append(defect)
    return found


def _break(item: dict[str, Any], changes: Iterable[dict[str, Any]]) -> None:
    for change in changes:
        if change["op"] == "remove":
            paths.drop(item, change["path"])
        else:
            paths.put(item, change["path"], copy.deepcopy(change["value"]))


def items_of(faulty: Collection[str]) -> list[tuple[str, ImplementationItem, dict[str, Any]]]:
    """(number of the defect, the item, how it should be) of what still differs from the library."""
    wanted = {d["item"]: d["id"] for defects in _by_file(faulty).values() for d in defects}
    sound = {i.slug: i for i in loading.library(loading.REFERENCE).items if i.slug in wanted}
    codes = [i.elements.impl_code for i in sound.values()]
    rows = {
        i.impl_code: i for i in ImplementationItem.objects.select_related("org", "version").filter(impl_code__in=codes)
    }
    return [(wanted[slug], rows[one.elements.impl_code], one.content) for slug, one in sorted(sound.items())]


def mend(
    item: ImplementationItem, content: dict[str, Any], *, manager: Actor, authority: Actor, reason: str, at: datetime
) -> None:
    """The department corrects its guide, the service authority reviews and publishes: every step of the procedure."""
    draft = actions.request_change(item=item.pk, reason=reason, by=manager, at=at)
    now = {**draft.content, **{k: v for k, v in content.items() if k not in loading.OWN}}
    actions.save_draft(item=item.pk, content=now, seen=draft.content_hash, by=manager, at=at)
    actions.self_check(item=item.pk, by=manager, at=at)
    actions.submit(item=item.pk, by=manager, at=at)
    actions.review(item=item.pk, by=authority, at=at)
    actions.publish(item=item.pk, by=authority, at=at)
