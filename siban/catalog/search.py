"""Finding an item by plain words, pinyin or initials: one statement over the weighted word index, ranked and explained."""

import json
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from . import wording
from .wording import HAN, Asked

PAGE = 20
NEAREST = 5
CLOSE_ENOUGH = 0.08  # trigram similarity of a name worth naming when nothing was found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows a list of items."""

    who: str = ""  # natural or legal
    topic: str = ""
    dept: str = ""
    region: str = ""
    online: bool = False
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """An item found: the department's own one stands for the sumus and gachas that offer it too."""

    impl_code: str
    slug: str
    name: str
    org_name: str
    item_type: str
    is_instant: bool
    is_online: bool
    onsite_visits: int | None
    promised: dict[str, Any]
    places: int
    score: str
    base_slug: str
    why: str = ""

    @property
    def places_label(self) -> str:
        return f"{self.places} 个地点可办"


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; `nearest` when nothing matched and these are only the closest names."""

    hits: tuple[Hit, ...]
    after: str = ""
    nearest: bool = False
    total: int = 0


def lexemes(word: str, weight: str = "") -> str:
    """A word as the index may hold it: whole, or all its two-character pieces."""
    mark = f":{weight}" if weight else ""
    if len(word) <= 2 or not HAN.match(word):
        return f"{word}{mark}"
    pieces = " & ".join(f"{word[n : n + 2]}{mark}" for n in range(len(word) - 1))
    return f"{word}{mark} | ({pieces})"


def _sayings_in(asked: Asked) -> tuple[list[str], list[str]]:
    """Banner slugs whose other name is what was asked, and those whose other name is part of it (or holds it)."""
    plain = asked.text.replace(" ", "")
    exact, near = [], []
    for slug, names in wording.sayings().items():
        folded = [wording.fold(n) for n in names]
        if plain in folded:
            exact.append(slug)
        elif len(plain) >= 2 and any((len(n) >= 2 and n in plain) or plain in n for n in folded):
            near.append(slug)
    return exact, near


def _narrowed(wanted: Wanted) -> tuple[str, list[Any]]:
    said: list[str] = []
    given: list[Any] = []
    if wanted.who == "natural":
        said.append("i.service_objects @> '[\"1\"]'")
    elif wanted.who == "legal":
        said.append("i.service_objects ?| array['2','3','4','5','6']")
    if wanted.topic:
        said.append("(i.natural_topics ? %s OR i.legal_topics ? %s)")
        given += [wanted.topic, wanted.topic]
    if wanted.dept:
        said.append("(o.code = %s OR b_org.code = %s)")
        given += [wanted.dept, wanted.dept]
    if wanted.region:
        said.append("i.region_id LIKE %s")
        given.append(wanted.region.rstrip("0").ljust(6, "0") + "%")
    if wanted.online:
        said.append("i.is_online")
    if wanted.instant:
        said.append("i.case_type = 'instant'")
    return "".join(f" AND {s}" for s in said), given


def _scored(asked: Asked) -> tuple[str, list[Any], str, list[Any]]:
    """(score expression, its values, condition, its values)."""
    if asked.latin:
        text = f"split_part(i.search_words, '{wording.PARTS}', 3)"
        score = (
            f"(CASE WHEN {text} ~ %s THEN 10 WHEN {text} ~ %s THEN 6 WHEN i.search @@ to_tsquery('simple', %s) THEN 5"
            " ELSE 3 END)"
        )
        whole, start = f"(^| ){asked.latin}( |$)", f"(^| ){asked.latin}"
        where = f"({text} LIKE %s OR i.search @@ to_tsquery('simple', %s))"
        return score, [whole, start, asked.latin], where, [f"%{asked.latin}%", asked.latin]
    exact, near = _sayings_in(asked)
    plain = asked.text.replace(" ", "")
    parts: list[str] = []
    given: list[Any] = []
    for first, *others in asked.groups:
        every = " | ".join(f"({lexemes(w, 'A')})" for w in (first, *others))
        parts.append("3 * (i.search @@ to_tsquery('simple', %s))::int")
        parts.append("2 * (i.search @@ to_tsquery('simple', %s))::int")
        parts.append("(i.search @@ to_tsquery('simple', %s))::int")
        given += [lexemes(first, "A"), every, lexemes(first)]
    parts += ["12 * (coalesce(b.slug, i.slug) = ANY(%s))::int", "5 * (coalesce(b.slug, i.slug) = ANY(%s))::int"]
    parts += ["4 * (strpos(i.name, %s) > 0)::int", "2 * similarity(i.name, %s)"]
    given += [exact, near, plain, plain]
    every = " | ".join(f"({lexemes(w)})" for group in asked.groups for w in group)
    parts.append("0.5 * (i.search @@ to_tsquery('simple', %s))::int")
    given.append(every)
    where = "(i.search @@ to_tsquery('simple', %s) OR coalesce(b.slug, i.slug) = ANY(%s))"
    return " + ".join(parts), given, where, [every, [*exact, *near]]


STATEMENT = """
WITH hits AS (
  SELECT i.id, i.slug, i.impl_code, i.name, i.catalog_item_id, i.level, i.item_type, i.case_type, i.is_online,
         i.onsite_visits, i.version_id, o.name AS org_name,
         coalesce(b.slug, i.slug) AS base_slug, round(({score})::numeric, 4) AS score
  FROM catalog_implementationitem i
  JOIN identity_org o ON o.id = i.org_id
  LEFT JOIN catalog_implementationitem b ON b.id = i.base_id
  LEFT JOIN identity_org b_org ON b_org.id = b.org_id
  WHERE i.version_id IS NOT NULL AND i.state NOT IN ('suspended', 'cancelled'){narrowed}{where}
), grouped AS (
  SELECT *, row_number() OVER (PARTITION BY catalog_item_id ORDER BY level, score DESC, slug) AS place,
         count(*) OVER (PARTITION BY catalog_item_id) AS places
  FROM hits
)
SELECT g.impl_code, g.slug, g.name, g.org_name, g.item_type, g.case_type = 'instant', g.is_online, g.onsite_visits,
       v.content -> 'promised_limit', g.places, g.score::text, g.base_slug
FROM grouped g JOIN catalog_itemversion v ON v.id = g.version_id
WHERE g.place = 1{after}
ORDER BY g.score DESC, g.slug
LIMIT %s
"""


def _run(
    score: str, given: list[Any], where: str, more: list[Any], wanted: Wanted, after: str, limit: int
) -> list[Hit]:
    narrowed, narrow = _narrowed(wanted)
    follow, last = "", []
    if after and ":" in after:
        kept, slug = after.split(":", 1)
        follow, last = " AND (g.score < %s::numeric OR (g.score = %s::numeric AND g.slug > %s))", [kept, kept, slug]
    statement = STATEMENT.format(score=score, narrowed=narrowed, where=f" AND {where}" if where else "", after=follow)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*given, *narrow, *more, *last, limit])
        return [_hit(row) for row in cursor.fetchall()]


def _hit(row: tuple[Any, ...]) -> Hit:
    said = list(row)
    said[8] = json.loads(row[8]) if isinstance(row[8], str) else (row[8] or {})  # promised limit
    return Hit(*said)


def find(question: str, *, wanted: Wanted = Wanted(), after: str = "", limit: int = PAGE) -> Found:
    """Items that answer a question, best first; without a question, all in the order of their departments.

    Args:
        after: the mark of the page before (`Found.after`); a mark of a wrong shape starts anew.
    """
    asked = wording.ask(question)
    if not _is_mark(after):
        after = ""
    if not question.strip():
        hits = _run("0", [], "", [], wanted, after, limit + 1)
    elif asked.empty:
        hits = []
    else:
        hits = _run(*_scored(asked), wanted, after, limit + 1)
    if question.strip() and not hits and not after:
        return Found(tuple(_nearest(asked, wanted)), nearest=True)
    shown = tuple(replace(h, why=why(asked, h)) for h in hits[:limit])
    mark = f"{shown[-1].score}:{shown[-1].slug}" if len(hits) > limit else ""
    return Found(shown, mark)


def _is_mark(after: str) -> bool:
    kept, _, slug = after.partition(":")
    return bool(slug) and len(after) < 200 and kept.replace(".", "", 1).replace("-", "", 1).isdigit()


def _nearest(asked: Asked, wanted: Wanted) -> list[Hit]:
    plain = asked.text.replace(" ", "")
    sound = wording.pinyin(plain)
    if len(sound) >= 4:  # a word written with another character sounds the same
        spoken = Asked(plain, (), sound)
        if hits := _run(*_scored(spoken), wanted, "", NEAREST):
            return [replace(h, why="读音相同") for h in hits]
    hits = _run(
        "similarity(i.name, %s)", [plain], "similarity(i.name, %s) > %s", [plain, CLOSE_ENOUGH], wanted, "", NEAREST
    )
    return [replace(h, why="名称相近") for h in hits]


def why(asked: Asked, hit: Hit) -> str:
    """Why this item was found, in a few words."""
    if asked.empty:
        return ""
    names = wording.sayings().get(hit.base_slug, ())
    if asked.latin:
        for called in (hit.name, *names):
            if asked.latin in wording.initials(called):
                return f"“{called}”的拼音首字母"
            if asked.latin in wording.pinyin(called):
                return f"“{called}”的拼音"
        return f"指南中提到“{asked.text}”"
    plain = asked.text.replace(" ", "")
    if plain in hit.name:
        return f"名称含“{plain}”"
    if said := next((n for n in names if wording.fold(n) == plain), ""):
        return f"也叫“{said}”"
    in_name = [w for group in asked.groups for w in group[:1] if w in wording.fold(hit.name)]
    if in_name:
        return f"名称含“{'”“'.join(in_name)}”"
    if said := next((n for n in names if n in plain or plain in n), ""):
        return f"也叫“{said}”"
    for first, *others in asked.groups:
        if same := next((w for w in others if w in hit.name), ""):
            return f"“{first}”相当于“{same}”"
        if said := next((n for n in names if first in n), ""):
            return f"也叫“{said}”"
    return f"与“{asked.groups[0][0]}”有关"
