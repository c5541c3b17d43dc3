"""Everything read about identity."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from siban.kernel import clock, codes, journal, straight
from siban.kernel.actor import Actor

from .models import Account, Enterprise, EnterpriseMember, Org, OrgAlias, Person, Post

MOST_ACCOUNTS = 500


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
        codes.citizen.masked(person.id_number),
        codes.phone.masked(person.mobile) if person.mobile else "",
        person.address,
    )


def enterprises_of(person_id: UUID) -> list[Enterprise]:
    """Enterprises a person may act for."""
    return list(Enterprise.objects.filter(members__person_id=person_id).order_by("name"))


def headed_by(person_id: UUID) -> frozenset[UUID]:
    """Enterprises of which this person is the legal representative, and those that have none the person belongs to."""
    heads = EnterpriseMember.objects.filter(capacity=EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE)
    mine = EnterpriseMember.objects.filter(person_id=person_id).order_by("pk")
    led = mine.filter(capacity=EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE)
    unled = mine.exclude(enterprise_id__in=heads.order_by().values("enterprise_id"))
    return frozenset((led | unled).values_list("enterprise_id", flat=True))


def known_enterprise(*, name: str, code: str) -> Enterprise | None:
    """The enterprise exactly as given."""
    return Enterprise.objects.filter(uscc=code.strip().upper(), name=name.strip()).first()


@dataclass(frozen=True, slots=True)
class Member:
    """One who may act for an enterprise, as the others see it."""

    person_id: UUID
    name: str
    number: str
    capacity: str
    is_head: bool


def members_of(enterprise: Enterprise, *, number: int, size: int) -> tuple[tuple[Member, ...], bool]:
    """One page of those who act for an enterprise, the legal representative first; numbers masked."""
    rows = EnterpriseMember.objects.filter(enterprise=enterprise).select_related("person")
    start = (number - 1) * size
    found = list(rows.order_by("-capacity", "person__name", "pk")[start : start + size + 1])
    head = EnterpriseMember.Capacity.LEGAL_REPRESENTATIVE
    shown = tuple(
        Member(
            m.person_id, m.person.name, codes.citizen.masked(m.person.id_number), m.get_capacity_display(), m.capacity == head
        )
        for m in found[:size]
    )  # fmt: skip
    return shown, len(found) > size


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
    found = straight.fetch(PERSON.format(", ".join(names)), (id_number.strip().upper(), name))
    person = Person.from_db(None, names, found[0]) if found else None
    return person if person and mobile in ("", person.mobile) else None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A staff account in the administrator's list."""

    id: UUID
    login: str
    name: str
    posts: tuple[str, ...]
    state: str
    tone: str
    has_totp: bool


def accounts_in(by: Actor, *, at: datetime, q: str = "") -> list[AccountRow]:
    """Staff accounts that hold or held a post in the territory, by log-in; narrowed by log-in, name or organisation."""
    found = _administered(by)
    if q:
        found = found.filter(Q(login__icontains=q) | Q(name__icontains=q) | Q(posts__org__name__icontains=q))
    rows = found.distinct().order_by("login").prefetch_related("posts__org")
    return [_row(account, at) for account in rows[:MOST_ACCOUNTS]]


def _administered(by: Actor) -> QuerySet[Account]:
    if not by.has_role("data_admin") or not by.region_prefix:
        return Account.objects.none()
    return Account.objects.filter(kind=Account.Kind.STAFF, posts__org__region_id__startswith=by.region_prefix)


def _row(account: Account, at: datetime) -> AccountRow:
    day = clock.local_day(at)
    posts = tuple(
        f"{p.org.name} · {p.get_role_display()}"
        for p in account.posts.all()
        if p.valid_from <= day and (p.valid_to is None or p.valid_to > day)
    )
    if not account.is_active:
        state, tone = "已停用", "grey"
    elif account.locked_until and account.locked_until > at:
        state, tone = "已锁定", "red"
    elif not posts:
        state, tone = "没有岗位", "amber"
    else:
        state, tone = "正常", "green"
    return AccountRow(account.pk, account.login, account.name, posts, state, tone, bool(account.totp_secret))


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One staff account: its posts and what was done to it."""

    account: Account
    row: AccountRow
    posts: tuple[Post, ...]
    entries: tuple[Any, ...]


def account_page(pk: UUID, *, by: Actor, at: datetime) -> AccountPage:
    """Raises Account.DoesNotExist for an account outside the territory."""
    account = _administered(by).distinct().get(pk=pk)
    posts = tuple(account.posts.select_related("org").order_by("-valid_from", "id"))
    return AccountPage(account, _row(account, at), posts, tuple(journal.timeline(account))[-30:])


def orgs_in(by: Actor) -> list[Org]:
    """Organisations for which an administrator may open accounts."""
    return list(Org.objects.within(by.region_prefix).filter(is_active=True)) if by.region_prefix else []
