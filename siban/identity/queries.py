"""Everything read about identity."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from siban.kernel import codes

from .models import Enterprise, Org, OrgAlias, Person


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person as shown: numbers masked."""

    id: UUID
    name: str
    id_number_masked: str
    mobile_masked: str
    address: str


def person_page(person: Person) -> PersonPage:
    return PersonPage(
        person.pk,
        person.name,
        codes.citizen.mask(person.id_number),
        codes.phone.mask(person.mobile) if person.mobile else "",
        person.address,
    )


def enterprises_of(person_id: UUID) -> list[Enterprise]:
    """Enterprises a person may act for."""
    return list(Enterprise.objects.filter(members__person_id=person_id).order_by("name"))


def org_by_name(name: str, *, region_prefix: str) -> Org | None:
    """The organisation called so in a territory, by any of its names; None when unknown or ambiguous."""
    name = name.strip()
    found = set(Org.objects.within(region_prefix).filter(name=name)) | set(
        Org.objects.within(region_prefix).filter(short_name=name)
    )
    found |= {
        a.org for a in OrgAlias.objects.select_related("org").filter(name=name, region_id__startswith=region_prefix)
    }
    return found.pop() if len(found) == 1 else None


PERSON = "SELECT {} FROM identity_person WHERE id_type = '111' AND id_number = %s AND name = %s"


def known_person(*, name: str, id_number: str, mobile: str = "") -> Person | None:
    """The person exactly as given, when nothing about them has to be entered or changed."""
    names = [f.attname for f in Person._meta.concrete_fields]
    with connection.cursor() as cursor:
        cursor.execute(PERSON.format(", ".join(names)), [id_number.strip().upper(), name])
        row = cursor.fetchone()
    person = Person.from_db(None, names, row) if row else None
    return person if person and mobile in ("", person.mobile) else None
