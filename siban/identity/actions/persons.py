"""Persons and enterprises as they become known, their accounts, and who reads their masked fields."""

from datetime import datetime
from typing import Any

from django.db import transaction

from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.codes import citizen, uscc
from siban.kernel.flow import Refused

from ..models import Account, Enterprise, EnterpriseMember, Person
from .reading import NO_PURPOSE, note_reading


@transaction.atomic
def register_person(
    *, name: str, id_number: str, mobile: str = "", region_code: str | None = None, address: str = "", by: Actor,
    at: datetime,
) -> Person:  # fmt: skip
    """The person with this citizen number, known already or entered now (实名).

    Raises:
        CodeError: the number is not a citizen number.
        Refused: the number is known under another name.
    """
    number = citizen.parse(id_number).number
    person, fresh = Person.objects.get_or_create(
        id_type="111",
        id_number=number,
        defaults={"name": name, "mobile": mobile, "region_id": region_code, "address": address, "created_at": at},
    )
    if person.name != name:
        raise Refused("这个证件号码登记的是另一个姓名。请核对身份证上的姓名和号码。")
    if fresh:
        journal.write(subject=person, move="register", by=by, at=at, law="GB 11643—1999", fresh=True)
    elif mobile and person.mobile != mobile:
        person.mobile = mobile
        person.save(update_fields=["mobile"])
        journal.write(subject=person, move="change_contact", by=by, at=at, law="平台账号管理规则")
    return person


@transaction.atomic
def register_enterprise(
    *, name: str, code: str, representative: Person | None, region_code: str | None, address: str = "", by: Actor,
    at: datetime,
) -> Enterprise:  # fmt: skip
    """The enterprise with this unified social credit code, with its legal representative as first member."""
    enterprise, fresh = Enterprise.objects.get_or_create(
        uscc=uscc.parse(code).code,
        defaults={
            "name": name, "region_id": region_code, "address": address, "legal_representative": representative,
            "created_at": at,
        },
    )  # fmt: skip
    if fresh:
        journal.write(subject=enterprise, move="register", by=by, at=at, law="GB 32100—2015", fresh=True)
    if representative:
        EnterpriseMember.objects.get_or_create(
            enterprise=enterprise,
            person=representative,
            defaults={"capacity": EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE},
        )
    return enterprise


@transaction.atomic
def citizen_account(*, person: Person, by: Actor, at: datetime) -> Account:
    """The account of a person whom the identity provider vouches for; made at the first log-in."""
    account, fresh = Account.objects.get_or_create(
        person=person,
        defaults={
            "login": f"p-{person.pk}", "name": person.name, "kind": Account.Kind.CITIZEN, "password": "!",
            "created_at": at,
        },
    )  # fmt: skip
    if fresh:
        journal.write(subject=account, move="open", by=by, at=at, law="国务院令第716号", fresh=True)
    account.last_login = at
    account.save(update_fields=["last_login"])
    return account


@transaction.atomic
def unmask(
    *, subject: Any, field: str, purpose: str, by: Actor, at: datetime, title: str = "", what: str = ""
) -> str:  # fmt: skip
    """Show a masked personal field in full, and journal who read it and why (个人信息保护法第六条 目的明确).

    Args:
        title, what: the subject and the field in the words of the person concerned, who reads them in the own file.

    Raises:
        Refused: no purpose was given, or the field is not a personal one.
    """
    if field not in getattr(subject, "pii", ()):
        raise Refused("这一项不是可查看的个人信息。")
    if len(purpose.strip()) < 2:
        raise Refused(NO_PURPOSE)
    journal.write(
        subject=subject,
        move="unmask",
        by=by,
        at=at,
        law="个人信息保护法第六条",
        note=purpose.strip(),
        facts={"field": field},
    )
    note_reading(
        subject=subject, title=title or str(subject), what=what or field, purpose=purpose, by=by, at=at,
        person_id=subject.pk if isinstance(subject, Person) else getattr(subject, "person_id", None),
        enterprise_id=getattr(subject, "enterprise_id", None),
    )  # fmt: skip
    return str(getattr(subject, field))
