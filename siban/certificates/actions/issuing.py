"""Issuing a certificate: the next serial, the national identifier, what is printed."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from siban.certificates import rules
from siban.certificates.flow import ECERT_FLOW
from siban.certificates.models import ECert, ECertSeries, ECertType
from siban.identity.api import Enterprise, Org, Person
from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.codes import certificate as codes
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0/O, 1/I: these codes are read aloud and typed
LAW = "国务院令第716号第十条"


def issue(
    *,
    type_id: str,
    person: Person | None,
    enterprise: Enterprise | None,
    issuer: Org,
    values: dict[str, str],
    subject: tuple[str, str],
    by: Actor,
    at: datetime,
) -> ECert:
    """A new certificate, version 001, inside the transaction of the decision; its sheet is drawn when first wanted.

    Args:
        values: by the field's Chinese name; what the type does not know is dropped.
        subject: what it was issued for, e.g. `("cases.Case", id)`.

    Raises:
        Refused: unknown type, no issuer code, or a holder the type is not for.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a certificate is issued inside the transaction of its decision")
    kind = ECertType.objects.filter(pk=type_id).first()
    if kind is None:
        raise Refused(f"证照类型“{type_id}”没有登记，不能制证。请由事项管理员核对事项的结果证照。")
    _fits(kind, person, enterprise)
    if not issuer.uscc:
        raise Refused(f"“{issuer.name}”没有登记统一社会信用代码，不能制证。请由系统管理员补登后再试。")
    day = local_day(at)
    serial = _next_serial(kind, issuer, day.year)
    return write_version(
        kind, person, enterprise, issuer, values, subject, serial=serial, version=1, day=day, by=by, at=at
    )


def _fits(kind: ECertType, person: Person | None, enterprise: Enterprise | None) -> None:
    if (person is None) == (enterprise is None):
        raise Refused("证照只能有一个持证主体。请确认是发给个人还是发给单位。")
    if kind.holder_kind == ECertType.HolderKind.NATURAL and person is None:
        raise Refused(f"“{kind.name}”只发给个人，不能发给单位。请核对申请人。")
    if kind.holder_kind == ECertType.HolderKind.LEGAL and enterprise is None:
        raise Refused(f"“{kind.name}”只发给单位，不能发给个人。请以单位名义申请。")


def _next_serial(kind: ECertType, issuer: Org, year: int) -> str:
    """The next number of type × issuer × year; the row stays locked until the decision is committed, so no gap."""
    ECertSeries.objects.get_or_create(type=kind, issuer=issuer, year=year)
    series = ECertSeries.objects.select_for_update(of=("self",)).get(type=kind, issuer=issuer, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{year}{series.last:07d}"


def write_version(
    kind: ECertType,
    person: Person | None,
    enterprise: Enterprise | None,
    issuer: Org,
    values: Mapping[str, str],
    subject: tuple[str, str],
    *,
    serial: str,
    version: int,
    day: date,
    by: Actor,
    at: datetime,
    valid_to: date | None = None,
    move: str = "issue",
    law: str = LAW,
) -> ECert:
    """One version of a certificate with its identifier, as the law `law` makes it."""
    holder = enterprise.name if enterprise else person.name if person else ""
    until = valid_to or rules.period_end(kind.validity, day)
    printed = rules.filled(
        kind.fields, values, holder=holder, issuer=issuer.name, number=serial, on=day, valid_to=until
    )
    identifier = codes.build(kind.type_code21, issuer.uscc or "", serial, version)
    made = ECert(
        id=uuid7(),
        identifier=identifier,
        type=kind,
        person=person,
        enterprise=enterprise,
        issuer=issuer,
        serial=serial,
        version=version,
        values=printed,
        issued_on=day,
        valid_from=day,
        valid_to=until,
        verify_code="".join(secrets.choice(ALPHABET) for _ in range(12)),
        subject_type=subject[0],
        subject_id=subject[1],
        content_hash=rules.fingerprint(
            {"identifier": identifier, "values": printed, "holder": holder, "from": str(day), "to": str(until or "")}
        ),
        issued_at=at,
    )
    ECERT_FLOW.begin(made, by=by, at=at, move=move, law=law)
    return made
