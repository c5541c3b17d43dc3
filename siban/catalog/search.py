"""Finding an item in plain words: the library in memory ranks base items, one statement brings the implementations of the region.

How many implementations there are does not matter to a search. The words are weighed against the catalogue (some
thousand base items, `finding`), kept in each process until `LibraryStamp` changes. The statement then probes the index
(base item, region) once for each of at most sixty base items, best first, and looks at no other row.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import connection

from . import rules, wording
from .cache import Kept
from .finding import library as libraries
from .finding import ranking, reasons
from .finding.library import Entry, Library
from .finding.ranking import Scored

PAGE = 20
NEAREST = 5
SUGGESTED = 8
_LIBRARY: Kept[Library] = Kept(most=1)


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
    """A page of hits; `nearest` when nothing matched and these are only the closest names.

    `meant` is what a question with wrong characters probably says, `unknown` are its words that no guide knows, `parts`
    the several wishes of one sentence.
    """

    hits: tuple[Hit, ...]
    after: str = ""
    nearest: bool = False
    total: int = 0
    meant: str = ""
    unknown: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


ENTRIES = """
SELECT c.basic_code, coalesce(b.slug, i.slug), i.name, v.content -> 'result' ->> 'name',
       v.content ->> 'dept_name' || ' ' || o.short_name,
       (v.content -> 'natural_topics') || (v.content -> 'legal_topics'),
       jsonb_path_query_array(v.content, '$.situations.questions[*].options[*].label'),
       jsonb_path_query_array(v.content, '$.materials[*].name'), v.content -> 'accept_conditions',
       jsonb_path_query_array(v.content, '$.faqs[*].question')
FROM catalog_catalogitem c
JOIN catalog_implementationitem i ON i.id = c.presented_by_id
LEFT JOIN catalog_implementationitem b ON b.id = i.base_id
JOIN catalog_itemversion v ON v.id = i.version_id
JOIN identity_org o ON o.id = i.org_id
ORDER BY c.basic_code
"""


def _listed(value: Any) -> tuple[str, ...]:
    said = json.loads(value) if isinstance(value, str) else value
    return tuple(str(s) for s in said or () if s)


def _entries() -> Iterable[Entry]:
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES)
        for code, slug, name, result, department, *lists in cursor.fetchall():
            topics, situations, materials, conditions, faqs = map(_listed, lists)
            yield Entry(
                code, slug, name, result or "", department or "", topics, situations, materials, conditions, faqs,
                wording.sayings_of(slug),
            )  # fmt: skip


def library() -> Library:
    """The library as it stands now: read again when what it is made of has changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM catalog_librarystamp")
        row = cursor.fetchone()
    if row is None:
        return libraries.build(())
    return _LIBRARY.get(row[0], lambda: libraries.build(_entries()))


def _narrowed(wanted: Wanted) -> tuple[str, list[Any]]:
    """Conditions on an implementation `i`; ranges rather than patterns, so that a prepared plan uses the index."""
    prefix = rules.territory(wanted.region or settings.SITE_REGION)
    said = ["i.region_id ~>=~ %s AND i.region_id ~<~ %s"]
    given: list[Any] = [prefix, prefix + ":"]  # the colon follows the nine
    if wanted.who == "natural":
        said.append("i.service_objects @> '[\"1\"]'")
    elif wanted.who == "legal":
        said.append("i.service_objects ?| array['2','3','4','5','6']")
    if wanted.topic:
        said.append("(i.natural_topics ? %s OR i.legal_topics ? %s)")
        given += [wanted.topic, wanted.topic]
    if wanted.dept:
        said.append(
            "EXISTS (SELECT FROM identity_org o LEFT JOIN catalog_implementationitem b ON b.id = i.base_id"
            " LEFT JOIN identity_org p ON p.id = b.org_id WHERE o.id = i.org_id AND (o.code = %s OR p.code = %s))"
        )
        given += [wanted.dept, wanted.dept]
    if wanted.online:
        said.append("i.is_online")
    if wanted.instant:
        said.append("i.case_type = 'instant'")
    return "".join(f" AND {s}" for s in said), given


# The place of a base item in the order of answers decides; the implementations are looked up one base item at a time.
STATEMENT = """
WITH page AS MATERIALIZED (
  SELECT a.place, i.*
  FROM unnest(%s::text[]) WITH ORDINALITY AS a(code, place)
  CROSS JOIN LATERAL (
    SELECT i.impl_code, i.slug, i.name, i.catalog_item_id, i.org_id, i.item_type, i.case_type, i.is_online,
           i.onsite_visits, i.version_id
    FROM catalog_implementationitem i
    WHERE i.catalog_item_id = a.code AND i.version_id IS NOT NULL
      AND i.state NOT IN ('suspended', 'cancelled') AND NOT i.is_suspended{narrowed}
    ORDER BY i.level, i.slug LIMIT 1
  ) i
  ORDER BY a.place LIMIT %s
)
SELECT g.impl_code, g.slug, g.name, o.name, g.item_type, g.case_type = 'instant', g.is_online, g.onsite_visits,
       v.content -> 'promised_limit', many.places, g.place
FROM page g
JOIN identity_org o ON o.id = g.org_id
JOIN catalog_itemversion v ON v.id = g.version_id
CROSS JOIN LATERAL (
  SELECT count(*) AS places FROM catalog_implementationitem i
  WHERE i.catalog_item_id = g.catalog_item_id AND i.version_id IS NOT NULL
    AND i.state NOT IN ('suspended', 'cancelled') AND NOT i.is_suspended{narrowed}
) many
ORDER BY g.place
"""


def statement(codes: list[str], wanted: Wanted, limit: int) -> tuple[str, list[Any]]:
    """The statement that brings the implementations of these base items in the region, and its values."""
    narrowed, given = _narrowed(wanted)
    return STATEMENT.format(narrowed=narrowed), [codes, *given, limit, *given]


def _hits(held: Library, scored: list[Scored], wanted: Wanted, limit: int, *, asked: bool) -> list[Hit]:
    if not scored:
        return []
    said, given = statement([held.entries[s.entry].code for s in scored], wanted, limit)
    with connection.cursor() as cursor:
        cursor.execute(said, given)
        rows = cursor.fetchall()
    found = []
    for code, slug, name, org, kind, instant, online, visits, promised, places, place in rows:
        one = scored[place - 1]
        limits = json.loads(promised) if isinstance(promised, str) else (promised or {})
        reason = reasons.why(one, held) if asked else ""
        base = held.entries[one.entry].slug
        found.append(
            Hit(
                code, slug, name, org, kind, instant, online, visits, limits, places, f"{one.score:.4f}", base, reason
            )
        )  # fmt: skip
    return found


def find(question: str, *, wanted: Wanted = Wanted(), after: str = "", limit: int = PAGE) -> Found:
    """Items that answer a question, best first; without a question, all in the order of their departments.

    Args:
        wanted: without a region, the banner of this installation.
        after: the mark of the page before (`Found.after`); a mark of a wrong shape starts anew.
    """
    held = library()
    if not question.strip():
        everything = [Scored(n, 0.0, None, "") for n in range(len(held.entries))]
        return _page(held, everything, wanted, after, limit, asked=False)
    answer = ranking.rank(question, held)
    if not answer.sure:
        hits = _hits(held, list(answer.scored), wanted, min(NEAREST, limit), asked=True)
        return Found(tuple(hits), nearest=True, unknown=answer.unknown)
    found = _page(held, list(answer.scored), wanted, after, limit, asked=True)
    meant = reasons.meant(answer.scored[0], held) if found.hits else ""
    return replace(found, meant=meant, unknown=answer.unknown, parts=answer.parts)


def _page(held: Library, scored: list[Scored], wanted: Wanted, after: str, limit: int, *, asked: bool) -> Found:
    if _is_mark(after):
        kept, slug = after.split(":", 1)
        scored = [s for s in scored if (-s.score, held.entries[s.entry].slug) > (-float(kept), slug)]
    hits = _hits(held, scored, wanted, limit + 1, asked=asked)
    shown = tuple(hits[:limit])
    mark = f"{shown[-1].score}:{shown[-1].base_slug}" if len(hits) > limit else ""
    return Found(shown, mark)


def _is_mark(after: str) -> bool:
    kept, _, slug = after.partition(":")
    number = kept.replace(".", "", 1)
    return bool(slug) and len(after) < 200 and number.isascii() and number.isdigit()


def codes(question: str, most: int = 20) -> list[str]:
    """Base codes of the items a question means, best first; none where nothing is sure."""
    held = library()
    answer = ranking.rank(question, held)
    return [held.entries[s.entry].code for s in answer.scored[:most]] if answer.sure else []


def suggest(beginning: str) -> list[str]:
    """Names and other names that a question being typed may become, those that begin with it first."""
    text = wording.fold(beginning).replace(" ", "")[:20]
    if not text:
        return []
    return libraries.completions(library(), text, SUGGESTED)
