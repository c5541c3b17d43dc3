"""The standing cast of the tests of cases: who takes part, the items they apply for, and short ways to any state.

Everything is invented; numbers have valid check digits in a region that does not exist.
"""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import yaml
from django.test import Client

import siban.catalog
from siban.cases import actions, forms
from siban.cases.models import Case
from siban.catalog import content as item_content
from siban.catalog.models import CatalogItem, ImplementationItem, ItemVersion, columns
from siban.identity import api as identity
from siban.identity.middleware import ASSURANCE
from siban.kernel.actor import SYSTEM, Actor
from siban.kernel.codes import citizen, uscc
from siban.kernel.ids import uuid7

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=CHINA)  # a working Monday after the 2026 spring festival
SINCE = date(2020, 1, 1)
BANNER, SUMU = "150724000000", "150724210000"
PASSWORD = "zhen-de-chang-mi-ma-7"
REFERENCE = Path(siban.catalog.__file__).parent / "reference" / "departments"

SITUATED = "housing_construction.public_rental"  # promised 20 days, one question, a table of family members
INSTANT = "human_resources_social_security.social_card"  # done on the spot, accepted on receipt
FOR_FIRMS = "transport.freight_business"  # persons and enterprises, legal and promised limit


def number(seq: int, born_on: date = date(1990, 1, 1)) -> str:
    """A citizen number of nobody."""
    return citizen.make("999999", born_on, seq)


def firm_code(seq: int) -> str:
    return uscc.make("91999999", f"MA{seq:06d}")


@dataclass
class Cast:
    """Who takes part. Persons act as citizens with real-name level 3, staff in their one post."""

    orgs: dict[str, identity.Org]
    accounts: dict[str, identity.Account]
    actors: dict[str, Actor]
    persons: dict[str, identity.Person]
    firm: identity.Enterprise
    items: dict[str, ImplementationItem] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        """`cast.citizen`, `cast.clerk`, `cast.reviewer`…: the actor of that name."""
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None


STAFF = {
    # who: (role, organisation, region)
    "clerk": ("window_clerk", "hall", BANNER),
    "reviewer": ("approver", "department", BANNER),
    "chief": ("chief_rep", "department", BANNER),
    "head": ("unit_head", "department", BANNER),
    "other_reviewer": ("approver", "other", BANNER),
    "township_clerk": ("township_clerk", "township", SUMU),
    "inspector": ("supervisor", "hall", BANNER),
    "administrator": ("service_admin", "hall", BANNER),
}
PEOPLE = {"citizen": ("演示甲", 1), "stranger": ("演示乙", 3), "agent": ("演示丙", 5)}


def cast(*items: str) -> Cast:
    """Everybody, with these reference items published by the department (the situated one by default)."""
    region = identity.Region.objects
    region.get_or_create(code=BANNER, defaults={"name": "鄂温克族自治旗", "level": 4})
    region.get_or_create(code=SUMU, defaults={"name": "演示苏木", "level": 5, "parent_id": BANNER})
    orgs = {
        "department": _org("department", "演示住建局", "鄂温克旗住建", BANNER, 1),
        "other": _org("other", "演示民政局", "鄂温克旗民政", BANNER, 2),
        "hall": _org("hall", "演示政务服务中心", "鄂温克旗政务", BANNER, 3),
        "township": _org("township", "演示苏木便民服务中心", "演示苏木", SUMU, 4),
    }
    accounts, actors, persons = {}, {}, {}
    for who, (name, seq) in PEOPLE.items():
        persons[who] = identity.register_person(
            name=name,
            id_number=number(seq),
            mobile=f"1380000{seq:04d}",
            address="演示苏木演示嘎查 1 号",
            by=SYSTEM,
            at=MONDAY,
        )
        accounts[who] = identity.citizen_account(person=persons[who], by=SYSTEM, at=MONDAY)
        actors[who] = identity.of_citizen(accounts[who], assurance=3)
    for who, (role, org, code) in STAFF.items():
        accounts[who] = identity.open_staff_account(
            login=who,
            name=f"演示{who}",
            password=PASSWORD,
            posts=[(role, orgs[org], code)],
            by=SYSTEM,
            at=MONDAY,
            since=SINCE,
        )
        actors[who] = identity.of_post(accounts[who], accounts[who].posts.select_related("org").get())
    firm = identity.register_enterprise(
        name="演示运输有限公司",
        code=firm_code(1),
        representative=persons["citizen"],
        region_code=BANNER,
        by=SYSTEM,
        at=MONDAY,
    )
    made = Cast(orgs, accounts, actors, persons, firm)
    actions.give_mandate(
        account_id=accounts["chief"].pk, number="演示授〔2026〕1号", valid_from=SINCE, valid_to=date(2030, 1, 1),
        by=actors["head"], at=MONDAY,
    )  # fmt: skip
    for item_id in items or (SITUATED,):
        made.items[item_id] = publish(item_id, org=orgs["department"])
    return made


def _org(code: str, name: str, short: str, region: str, seq: int) -> identity.Org:
    return identity.Org.objects.create(
        code=f"demo-{code}",
        name=name,
        short_name=short,
        kind="government",
        region_id=region,
        uscc=uscc.make("11999999", f"MB{seq:06d}"),
    )


@cache
def reference(item_id: str) -> dict[str, Any]:
    """The elements of a reference item as written down."""
    listed = yaml.load((REFERENCE / f"{item_id.split('.')[0]}.yaml").read_text(), Loader=yaml.CSafeLoader)
    return next(i for i in listed["items"] if i["id"] == item_id)


def publish(item_id: str, *, org: identity.Org, at: datetime = MONDAY, **changed: Any) -> ImplementationItem:
    """A reference item, published; `changed` replaces elements."""
    said = {**reference(item_id), **changed}
    content = item_content.read(said)
    basic, _ = CatalogItem.objects.get_or_create(
        basic_code=content.basic_code, defaults={"name": content.name, "item_type": content.item_type}
    )
    item = ImplementationItem.objects.create(
        slug=content.id, impl_code=content.impl_code, catalog_item=basic, org=org, region_id=org.region_id,
        **columns(content, callable_certs=frozenset()),
    )  # fmt: skip
    return republish(item, said, at=at)


def republish(item: ImplementationItem, said: dict[str, Any], *, at: datetime) -> ImplementationItem:
    """A further version of an item, published over the one before."""
    item.version = ItemVersion.objects.create(
        item=item, number=item.versions.count() + 1, content=said, content_hash="0" * 64, is_published=True,
        published_at=at, created_at=at, created_by="演示",
    )  # fmt: skip
    item.state, item.published_at = "published", at
    item.save()
    return item


def pdf(pages: int = 1) -> io.BytesIO:
    """A small sound PDF."""
    out = io.BytesIO()
    with pikepdf.new() as sheet:
        for _ in range(pages):
            sheet.add_blank_page()
        sheet.save(out)
    out.seek(0)
    out.name = "材料.pdf"
    return out


GOOD_BY_RULE = {
    "GB 11643 校验位": number(1), "证件校验": number(1), "18位校验位": firm_code(1), r"^1[3-9]\d{9}$": "13800000001", r"^\d{6}$": "021100",
    "含@": "yanshi@example.org", "格式校验": "蒙E12345", "≥50": "50", "≥1": "1",
}  # fmt: skip
GOOD_BY_TYPE = {
    "string": "演示甲", "text": "演示内容", "address": "演示苏木演示嘎查 1 号", "integer": "3", "decimal": "3.5",
    "date": "2026-03-02", "boolean": True, "signature": "演示甲", "commitment": True, "consent": True, "enum": "自填",
    "code": "自填", "multi_enum": ["甲"], "phone": "13800000001",
}  # fmt: skip


def good(spec: Any) -> Any:
    """An answer this field takes."""
    if spec.type == "table":
        return [{c.element: good(c) for c in spec.columns}]
    if spec.type == "date_range":
        return {"from": "2026-03-01", "to": "2026-04-01"}
    if spec.options:
        return [spec.options[0][0]] if spec.type == "multi_enum" else spec.options[0][0]
    return GOOD_BY_RULE.get(spec.rule, GOOD_BY_TYPE.get(spec.type))


def good_form(case: Case, *, at: datetime = MONDAY) -> dict[str, Any]:
    """Good answers to every field this case asks for."""
    said = {spec.element: good(spec) for spec in forms.fields_of(case)}
    for signed in ("applicant_signature", "applicant_name"):
        if signed in said:
            said[signed] = case.applicant_name
    if "applicant_id_no" in said:
        said["applicant_id_no"] = case.applicant_id_number
    if "applicant_id_type" in said:
        said["applicant_id_type"] = "111"
    if "application_date" in said:
        said["application_date"] = at.astimezone(CHINA).date().isoformat()
    return said


def draft(
    cast: Cast, item_id: str = SITUATED, *, by: Actor | None = None, at: datetime = MONDAY, who: str = "citizen"
) -> Case:
    """A draft of one of the people, online; or at a counter when `by` is staff."""
    return actions.start(item=cast.items[item_id], by=by or cast.actors[who], at=at, person=cast.persons[who])


def filled(
    cast: Cast, item_id: str = SITUATED, *, by: Actor | None = None, at: datetime = MONDAY, who: str = "citizen"
) -> Case:
    """A draft with everything answered, filled in and uploaded, ready to be handed in."""
    by = by or cast.actors[who]
    case = draft(cast, item_id, by=by, at=at, who=who)
    while (tree := case.elements.situations) and case.open_question():
        asked = next(q for q in tree.questions if q.question == case.open_question())
        case = actions.answer(case_id=case.pk, answers={asked.id: asked.options[0].id}, by=by, at=at)
    actions.save_form(case_id=case.pk, values=good_form(case, at=at), by=by, at=at)
    fresh = Case.objects.get(pk=case.pk)
    here = {m.id for m in fresh.form_materials()}
    for material in fresh.wanted():
        if material.id not in here:
            actions.add_file(case_id=case.pk, material_id=material.id, upload=pdf(), name="材料.pdf", by=by, at=at)
    return Case.objects.get(pk=case.pk)


def look(cast: Cast, case: Case, *, at: datetime, by: Actor | None = None) -> Case:
    """The reviewer looks at every review point and finds it in order."""
    actions.pass_unseen(case_id=case.pk, by=by or cast.reviewer, at=at)
    return case


def in_state(cast: Cast, state: str, item_id: str = SITUATED, *, at: datetime = MONDAY, who: str = "citizen") -> Case:
    """A case brought to a state by the acts that lead there, an hour apart."""
    case = (
        draft(cast, item_id, at=at, who=who)
        if state in ("draft", "withdrawn")
        else filled(cast, item_id, at=at, who=who)
    )
    person, hour, key = cast.actors[who], timedelta(hours=1), {"case_id": case.pk}
    ways: dict[str, list[Any]] = {"draft": [], "withdrawn": [lambda t: actions.discard(**key, by=person, at=t)]}
    submitted = [lambda t: actions.submit(**key, by=person, at=t)]
    point = [{"material_id": "m03", "name": "居民户口簿", "what": "第二页看不清，请重新拍照"}]
    accepted = [*submitted, lambda t: actions.accept(**key, by=cast.clerk, at=t)]
    reviewed = [*accepted, lambda t: look(cast, actions.start_review(**key, by=cast.reviewer, at=t), at=t)]
    proposed = [
        *reviewed,
        lambda t: actions.propose(**key, outcome="approve", opinion="材料齐全，符合条件", by=cast.reviewer, at=t),
    ]
    decided = proposed if case.is_four_eyes else reviewed
    approved = [*decided, lambda t: actions.approve(**key, by=cast.head, at=t)]
    rejected = [
        *decided,
        lambda t: actions.reject(
            **key, reason="不符合公布的收入标准", basis="公共租赁住房管理办法第七条", by=cast.head, at=t
        ),
    ]
    issued = [*approved, lambda t: actions.issue(**key, by=cast.reviewer, at=t)]
    ways |= {
        "submitted": submitted,
        "correcting": [*submitted, lambda t: actions.request_correction(**key, points=point, by=cast.clerk, at=t)],
        "accepted": accepted,
        "not_accepted": [*submitted, lambda t: actions.refuse_acceptance(**key, reason="不属于本机关职权", ask_instead="民政局", by=cast.clerk, at=t)],
        "in_review": reviewed,
        "proposed": proposed,
        "approved": approved,
        "rejected": rejected,
        "issued": issued,
        "closed": [*issued, lambda t: actions.deliver(**key, by=cast.clerk, at=t)],
        "archived": [
            *issued,
            lambda t: actions.deliver(**key, by=cast.clerk, at=t),
            lambda t: actions.archive(**key, at=t + timedelta(days=40)),
        ],
    }  # fmt: skip
    for nth, act in enumerate(ways[state]):
        act(at + nth * hour)
    return Case.objects.get(pk=case.pk)


def client_of(cast: Cast, who: str, *, assurance: int = 3) -> Client:
    """A browser with this person logged in."""
    client = Client()
    client.force_login(cast.accounts[who], backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[ASSURANCE] = assurance
    session.save()
    return client


def fresh_token() -> Any:
    return uuid7()
