"""What the help is learned from: the lexicon, the list of categories, questions of the knowledge base, and orders with their answers.

`siban hotline train` learns anew from one's own closed orders; the report says how good it is on orders it had not seen.
"""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from .. import rules
from ..asking.learning import Model, Row, learn

KEPT = "hotline-help.json.gz"
VERSION = 2


@dataclass(frozen=True, slots=True)
class Leaf:
    """One category as the help knows it."""

    code: str
    name: str
    top_name: str
    natures: tuple[str, ...]
    lead_unit: str
    level: str
    is_urgent: bool
    is_acceptable: bool


@dataclass(frozen=True, slots=True)
class Helper:
    """The list with what was learned of it."""

    leaves: Mapping[str, Leaf]
    model: Model
    natures: Model


@cache
def _yaml(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((rules.REFERENCE / name).read_text(encoding="utf-8"), Loader=loader)


@cache
def leaves() -> Mapping[str, Leaf]:
    """Every category of the list that ships."""
    return {
        leaf["id"]: Leaf(
            leaf["id"], leaf["name"], top["name"], tuple(leaf["natures"]), str(leaf["lead_unit"]), leaf["default_level"],
            bool(leaf["urgent"]), bool(leaf["acceptable"]),
        )
        for top in _yaml("categories.yaml")["categories"]
        for second in top["children"]
        for leaf in second["children"]
    }  # fmt: skip


@cache
def _keywords() -> Mapping[str, tuple[str, ...]]:
    return {
        leaf["id"]: tuple(leaf["keywords"])
        for top in _yaml("categories.yaml")["categories"]
        for second in top["children"]
        for leaf in second["children"]
    }


def keywords(code: str) -> tuple[str, ...]:
    """The words the list itself gives for a category."""
    return _keywords()[code]


def unit_names() -> Mapping[str, str]:
    """Names of the units of the list, townships by their codes."""
    said = _yaml("categories.yaml")
    return {u["id"]: u["name"] for u in said["units"]} | {t["code"]: t["gov"] for t in said["townships"]}


def shipped_orders() -> list[dict[str, Any]]:
    """The orders that ship, with their answers."""
    with (rules.REFERENCE / "orders.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _basis() -> Iterator[Row]:
    """What is known without a single order."""
    lexicon = _yaml("lexicon.yaml")
    for top in _yaml("categories.yaml")["categories"]:
        for second in top["children"]:
            for leaf in second["children"]:
                code = leaf["id"]
                yield from (Row(words, code) for words in lexicon.get(code, "").split("；") if words)
                yield Row(leaf["name"], code)
                yield Row(second["name"] + leaf["name"], code)
                yield from (Row(word, code) for word in leaf["keywords"])
    for article in _yaml("knowledge.yaml")["articles"]:
        yield from (Row(question, article["leaf"]) for question in article["questions"])


def train(rows: Sequence[Mapping[str, Any]]) -> Helper:
    """Learn from orders (`text`, `gold.leaf`, `gold.nature`) besides the basis; the same rows give the same help."""
    known = leaves()
    taught = [r for r in rows if r["gold"]["leaf"] in known]
    model = learn([*_basis(), *(Row(r["text"], r["gold"]["leaf"]) for r in taught)])
    natures = learn([*_spoken_acts(), *(Row(r["text"], r["gold"]["nature"]) for r in taught)])
    return Helper(known, model, natures)


def _spoken_acts() -> Iterator[Row]:
    """Questions are consultations: those of the knowledge base and the ways they are asked."""
    for article in _yaml("knowledge.yaml")["articles"]:
        yield from (Row(question, "consult") for question in article["questions"][:2])


@cache
def helper() -> Helper:
    """What was learned last; where nothing was kept, it is learned from what ships and kept."""
    path = Path(settings.HOME) / KEPT
    try:
        return _read(path)
    except (OSError, ValueError, KeyError, EOFError):
        made = train(shipped_orders())
        keep(made)
        return made


def is_ready() -> bool:
    """Whether this process has read what was learned."""
    return helper.cache_info().currsize > 0


def keep(made: Helper) -> Path:
    """Write what was learned, so that the next process has it at once."""
    path = Path(settings.HOME) / KEPT
    path.parent.mkdir(parents=True, exist_ok=True)
    said = {"version": VERSION, "lexicon": _stamp(), "model": _said(made.model), "natures": _said(made.natures)}
    written = path.with_suffix(".new")
    with written.open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0, compresslevel=4) as out:
        out.write(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())
    written.replace(path)
    return path


def _stamp() -> list[int]:
    return [
        (rules.REFERENCE / name).stat().st_size for name in ("lexicon.yaml", "categories.yaml", "asked_words.yaml")
    ]


def _said(model: Model) -> dict[str, Any]:
    return {
        "rarity": _rounded(model.rarity), "weights": {s: _rounded(w) for s, w in model.weights.items()},
        "means": {s: _rounded(m) for s, m in model.means.items()},
    }  # fmt: skip


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {f: r for f, x in weights.items() if (r := round(x, 4))}


def _read(path: Path) -> Helper:
    with gzip.open(path, "rb") as kept:
        said = json.loads(kept.read())
    if said["version"] != VERSION or said["lexicon"] != _stamp():
        raise ValueError("what was kept belongs to another lexicon")
    return Helper(leaves(), _model(said["model"]), _model(said["natures"]))


def _model(said: Mapping[str, Any]) -> Model:
    near: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for subject in sorted(said["means"]):
        for feature, weight in said["means"][subject].items():
            near[feature].append((subject, weight))
    return Model(said["rarity"], said["weights"], dict(near), said["means"], frozenset(said["means"]))


def folds(rows: Sequence[Mapping[str, Any]], count: int = 5) -> Iterator[tuple[list[Any], list[Any]]]:
    """(rows to learn from, rows not seen), each row unseen once. A duplicate goes with the order it repeats."""
    groups: dict[str, int] = {}
    for n, row in enumerate(rows):
        groups[str(row.get("id", n))] = groups.get(str(row["gold"].get("duplicate_of")), n % count)
    fold_of = [groups[str(row.get("id", n))] for n, row in enumerate(rows)]
    for fold in range(count):
        yield (
            [r for r, f in zip(rows, fold_of, strict=True) if f != fold],
            [r for r, f in zip(rows, fold_of, strict=True) if f == fold],
        )


def confusions(pairs: Iterable[tuple[str, str]], limit: int = 15) -> list[tuple[str, str, int]]:
    """(what it is, what was suggested, how often), the commonest first."""
    wrong = Counter((right, said) for right, said in pairs if right != said)
    return [(a, b, n) for (a, b), n in sorted(wrong.items(), key=lambda kv: (-kv[1], kv[0]))[:limit]]
