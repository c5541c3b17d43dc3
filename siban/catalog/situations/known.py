"""What the house knows of an applicant, for the conditions of situations; only what is asked for is looked up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from siban.certificates import api as certs
from siban.identity.api import Enterprise, Person
from siban.kernel.codes import CodeError, citizen

from ..content import ItemContent
from . import deciding
from .facts import certificates, org_type, residence


def known_of(
    person: Person | None, enterprise: Enterprise | None, *, names: Collection[str], region: str, on: date
) -> dict[str, Any]:
    """The facts among `names` that are known on a day; what is not known is left out.

    Args:
        enterprise: the applicant where it applies in its own name; then age and sex are nobody's.
        region: region code of the item, from which the residence is seen.
    """
    if not names or (person is None and enterprise is None):
        return {}
    said: dict[str, Any] = {"is_enterprise": enterprise is not None}
    said["org_type"] = org_type(enterprise.uscc) if enterprise else "个人"
    home = (enterprise or person).region_id  # type: ignore[union-attr]
    if home:
        said["residence"] = residence(home, region)
    if enterprise is None and person is not None:
        said |= _of_number(person, on)
    types = {name: certificates()[name] for name in names if name in certificates()}
    if types:
        owner = {"enterprise_id": enterprise.pk} if enterprise else {"person_id": person.pk}  # type: ignore[union-attr]
        held = {row.type_id for row in certs.held_by(**owner, type_ids=types.values(), on=on)}
        said |= {name: kind in held for name, kind in types.items()}
    return {name: value for name, value in said.items() if name in names}


def known_of_many(
    people: Sequence[Person], *, names: Collection[str], region: str, on: date
) -> dict[UUID, dict[str, Any]]:
    """The same for many persons, each in their own name: two statements however many."""
    types = {name: certificates()[name] for name in names if name in certificates()}
    held: dict[UUID, set[str]] = {}
    if types:
        rows = certs.held_by_many(person_ids=[p.pk for p in people], type_ids=types.values(), on=on)
        for owner, kind in rows:
            held.setdefault(owner, set()).add(kind)
    found = {}
    for person in people:
        said: dict[str, Any] = {"is_enterprise": False, "org_type": "个人"} | _of_number(person, on)
        if person.region_id:
            said["residence"] = residence(person.region_id, region)
        said |= {name: kind in held.get(person.pk, ()) for name, kind in types.items()}
        found[person.pk] = {name: value for name, value in said.items() if name in names}
    return found


def _of_number(person: Person, on: date) -> dict[str, Any]:
    try:
        number = citizen.parse(person.id_number)
    except CodeError:
        return {}
    born = number.born_on
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return {"age": age, "sex": number.sex} if age >= 0 else {"sex": number.sex}


@dataclass(frozen=True, slots=True)
class Settled:
    """What known data answers: option by question, and the facts each follows from, in words."""

    options: Mapping[str, str] = field(default_factory=dict)
    because: Mapping[str, str] = field(default_factory=dict)


NOTHING = Settled()


def asks_facts(content: ItemContent) -> bool:
    """Whether any condition of the item asks for something known of the applicant."""
    return bool(deciding.wanted(content.situations))


def settled_for(
    content: ItemContent, *, person: Person | None, enterprise: Enterprise | None, region: str, on: date
) -> Settled:
    """The situation answers that follow from what is known of an applicant on a day."""
    tree = content.situations
    names = deciding.wanted(tree)
    if tree is None or not names:
        return NOTHING
    known = known_of(person, enterprise, names=names, region=region, on=on)
    options = deciding.settled(tree, known)
    asked = {q.id: q for q in tree.questions}
    return Settled(options, {name: deciding.because(asked[name], known) for name in options})
