"""A random population: items with their versions, materials, powers, cases, papers, certificates and ratings, most of them faulty somewhere."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from siban.cases.models import Case, CaseMaterial
from siban.cases.models_custody import CustodyPiece
from siban.catalog import content as item_content
from siban.catalog import rules, rules_guide
from siban.catalog.models import (
    BaseChange,
    CatalogItem,
    ImplementationItem,
    ItemVersion,
    MaterialGrain,
    NegativeEntry,
    PowerListItem,
    columns,
)
from siban.certificates.models import ECert, ECertType, ECertUse
from siban.identity.models import Account, Org, Person, Region
from siban.kernel.ids import uuid7
from siban.kernel.models import StoredFile
from siban.ratings.models import Review
from tests.oversight import plain_sql_supervision

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
REGIONS = (
    ("150724000000", "示例旗", 4),
    ("150724210000", "甲苏木", 5),
    ("150724211000", "乙苏木", 5),
    ("150724210201", "丙嘎查", 6),
)
HOURS = (
    "星期一至星期五：上午09:00-12:00，下午13:00-17:00", "星期一至星期五：09:00-17:00（法定节假日除外，中午不休息）", "工作时间", "", "9点到17点", None,
)  # fmt: skip
PHONES = (["0470-0000111"], ["4000000000转12"], ["见官网"], [], ["0470-0000111", "无"])


class Dice(random.Random):
    """Chances with the words of the generator."""

    def likely(self, share: float = 0.7) -> bool:
        return self.random() < share

    def maybe(self, value: Any, share: float = 0.75) -> Any:
        return value if self.likely(share) else self.choice([None, "", " "] if isinstance(value, str) else [None])


def material(d: Dice, n: int, grains: list[str], kinds: list[str]) -> dict[str, Any]:
    return {
        "id": f"m{n:02d}", "name": d.choice(["居民身份证", "营业执照原件", "申请表", "证明", "居民身份证复印件"]),
        "grain_id": d.choice([*grains, None]), "ecert_type_id": d.choice([*kinds, None, None, ""]),
        "source_type": d.maybe(d.choice(["self", "gov_issued", "other"])), "issuing_body": d.maybe("户口所在地派出所", 0.6),
        "original_count": d.choice([0, 0, 1, 2, None]), "copy_count": d.choice([0, 0, 1, None]),
        "kind": d.choice(["original", "copy", "both", None, "其他"]) if d.likely(0.3) else "original",
        "medium": d.choice(["paper", "electronic", "both", None]), "is_form": d.likely(0.4),
        "blank_form_file": d.maybe("forms/a.docx"), "sample_form_file": d.maybe("forms/b.docx"),
    }  # fmt: skip


def content(d: Dice, code: str, basic: CatalogItem, level: int, grains: list[str], kinds: list[str]) -> dict[str, Any]:
    legal = d.choice([None, 0, 5, 20, 30])
    versions = {"pc": 1, "mobile": 1, "window": d.choice([1, 1, 1, 2]), "kiosk": 1}
    return {
        "id": f"x.{code}", "name": d.choice([basic.name, basic.name, basic.name + "（本地）"]), "basic_code": basic.basic_code,
        "impl_code": code, "item_type": basic.item_type, "dept_id": "d", "dept_name": "部门", "exercise_level": level,
        "public_service_mode": d.choice([None, "proactive", "on_application"]), "grassroots_mode": d.choice([None, "delegate"]),
        "legal_basis": [{"law": d.choice(["甲法", "甲法", "乙法"]), "article": "第一条"}], "case_type": d.choice(["instant", "promised"]),
        "legal_limit": {"value": legal, "unit": d.choice(["workday", "natural_day", "workday", None])},
        "promised_limit": {"value": d.choice([None, 0, 1, legal or 0]), "unit": d.choice(["workday", "natural_day", None])},
        "accept_conditions": [d.choice(["甲", "乙"])], "has_situations": d.likely(0.5), "is_in_hall": d.likely(),
        "situations": {"root": "q1", "questions": [], "leaves": []} if d.likely() else None,
        "online": {
            "is_online": d.likely(), "online_depth": d.randint(1, 4), "onsite_visits": d.choice([0, 0, 1, 2, None]),
            "onsite_reason": d.maybe("须现场核验", 0.3), "is_mobile": d.likely(), "portal_url": d.maybe("https://a.example.org/x"),
            "via_dept_system": d.likely(), "is_sso": d.likely(), "build_mode": d.choice(["国垂", "自建", None, "其他"]), "is_cert_free": d.likely(0.4),
        },
        "has_intermediary": d.choice([True, False, False, None]), "intermediaries": [{"name": "检测", "legal_basis": d.maybe("某条例")}],
        "materials": [material(d, n, grains, kinds) for n in range(d.randint(0, 4))],
        "process_steps": [
            {"seq": n, "name": "受理" if d.likely(0.95) else " ", "time_limit_value": d.choice([0, 1, 1, 1, None]), "time_limit_unit": "workday",
             "standard": d.maybe("齐全", 0.95), "result": d.maybe("通知书", 0.95)}
            for n in range(d.randint(0, 3))
        ],
        "windows": [
            {"street": d.maybe("示例大街", 0.95), "house_no": d.maybe("1号", 0.95), "room_no": d.maybe("101", 0.95), "window_no": d.maybe("3", 0.95)}
            for _ in range(d.randint(0, 2))
        ],
        "office_hours": d.choice(HOURS), "consult_phones": d.choice(PHONES), "guide_published_at": d.maybe("2025-09-01"),
        "guide_versions": d.choice([versions, {}]),
        "handling_items": [{"code": f"{code}0{n}", "name": "办理"} for n in range(d.choice([0, 1, 3]))],
    }  # fmt: skip


def build(seed: int, *, items: int = 70, cases: int = 60) -> list[Org]:
    """Everything at random; the same seed gives the same."""
    d = Dice(seed)
    for code, name, level in REGIONS:
        Region.objects.get_or_create(code=code, defaults={"name": name, "level": level})
    orgs = [
        Org.objects.create(code=f"o{n}", name=f"单位{n}", short_name=f"单位{n}", kind="government", region_id=REGIONS[max(0, n - 3)][0])
        for n in range(7)
    ]  # fmt: skip
    kinds = ["id", "licence", "other"]
    ECertType.objects.bulk_create(
        ECertType(id=k, name=n, type_code21=f"1100000000MB{i:06d}001"[:21], issuing_department="x", holder_kind="natural", validity="长期", callable=k != "other")
        for i, (k, n) in enumerate(zip(kinds, ("居民身份证", "营业执照", "其他证"), strict=True))
    )  # fmt: skip
    grains = ["g1", "g2", "g3"]
    MaterialGrain.objects.bulk_create(
        MaterialGrain(id=g, name=g, category="x", ecert_type_id=e)
        for g, e in zip(grains, ("id", "", "other"), strict=True)
    )
    bases = [
        CatalogItem.objects.create(
            basic_code=f"{n:012d}", name=f"事项{n}", item_type=d.choice(["01", "05", "20", "20", "03"]), exercise_levels=d.choice([[4], [4, 5], [4, 5, 6]])
        )
        for n in range(14)
    ]  # fmt: skip
    made = _items(d, items, bases, orgs, grains, kinds)
    _powers(d, made, orgs)
    _cases(d, cases, [i for i in made if i.version_id], orgs, kinds)
    plain_sql_supervision.build(d, orgs)
    return orgs


def _items(
    d: Dice, count: int, bases: list[CatalogItem], orgs: list[Org], grains: list[str], kinds: list[str]
) -> list[ImplementationItem]:
    made, versions = [], []
    for n in range(count):
        org, base, code = d.choice(orgs), d.choice(bases), f"{'1' * 18}1{n:012d}"
        said = content(d, code, base, org.region.level, grains, kinds)
        if (same := [v for v in versions if v.content["basic_code"] == base.basic_code]) and d.likely(0.6):
            said = {**d.choice(same).content, "id": said["id"], "impl_code": code, "online": said["online"]}
        elements = item_content.read(said)
        item = ImplementationItem(
            slug=f"x.{n}", impl_code=code, catalog_item=base, org=org, region_id=org.region_id,
            **columns(elements, callable_certs=frozenset({"id", "licence"})),
        )  # fmt: skip
        item.locked_hash, item.basics_hash = rules.locked_hash(said), rules_guide.basics_hash(said)
        item.is_unequal, item.is_sound = d.likely(0.3), d.likely()
        made.append(item)
        if d.likely(0.9):
            versions.append(ItemVersion(item=item, number=1, content=said, content_hash="0" * 64, is_published=True, published_at=NOW, created_at=NOW, created_by="x"))  # fmt: skip
    ImplementationItem.objects.bulk_create(made)
    ItemVersion.objects.bulk_create(versions)
    for v in versions:
        v.item.version, v.item.published_at = v, NOW
        v.item.state = d.choice(["published", "published", "published", "drafting", "suspended", "cancelled"])
        v.item.is_suspended = v.item.state == "suspended" or d.likely(0.05)
        v.item.base = d.choice([None, made[0]]) if v.item is not made[0] else None
    ImplementationItem.objects.bulk_update(
        [v.item for v in versions], ["version", "published_at", "state", "is_suspended", "base"]
    )
    return made


def _powers(d: Dice, made: list[ImplementationItem], orgs: list[Org]) -> None:
    for n in range(25):
        power = PowerListItem.objects.create(
            code=f"p{n}", name="权力", item_type=d.choice(["01", "05", "02", "20", "10"]), org=d.choice(orgs),
            status=d.choice(["active", "active", "removed"]), updated_at=NOW, updated_by="x",
        )  # fmt: skip
        power.items.set(d.sample(made, d.randint(0, 3)))
    for item in d.sample(made, 10):
        NegativeEntry.objects.create(
            item=item, reason="场地限制", listed_at=NOW, listed_by="x", removed_at=d.choice([None, NOW])
        )
    for item in d.sample(made, 12):
        due, outcome = d.choice([NOW, NOW + timedelta(days=9000)]), d.choice(["open", "open", "confirmed"])
        BaseChange.objects.create(item=item, opened_at=NOW, due_on=due.date(), outcome=outcome, confirmed_at=NOW if outcome == "confirmed" else None, confirmed_by="x" if outcome == "confirmed" else "", closed_at=None)  # fmt: skip


def _cases(d: Dice, count: int, items: list[ImplementationItem], orgs: list[Org], kinds: list[str]) -> None:
    person = Person.objects.create(name="演示甲", id_number="x", created_at=NOW)
    clerk = Account.objects.create(login="c", name="演示", kind="staff", created_at=NOW)
    file = StoredFile.objects.create(
        id=uuid7(), name="a.pdf", media_type="application/pdf", size=1, sha256="0" * 64, created_at=NOW
    )
    certs = [_cert(d, n, person, d.choice(orgs), d.choice(kinds), file) for n in range(20)]
    for n in range(count):
        item = d.choice(items)
        decided = NOW + timedelta(days=d.randint(0, 20)) if d.likely() else None
        closed = decided and d.maybe(decided)
        draft = d.likely(0.1)
        case = Case.objects.create(
            number=None if draft else f"n{n}", item=item, version_id=item.version_id, org_id=item.org_id, region_id=item.region_id,
            state="draft" if draft else d.choice(["closed", "archived", "in_review"]), title="办件", case_type="promised", person=person,
            applicant_name="演示", applicant_id_number="x", channel="web", received_org=d.choice([*orgs, None]), used_comprehensive_window=d.likely(0.5),
            correction=d.choice([[], [{"material_id": d.choice(["m00", "m77", ""]), "name": "x", "what": "x"}]]), created_at=NOW,
            submitted_at=None if draft else NOW, accepted_at=NOW, decided_at=decided, closed_at=closed, delivered_at=closed,
            promised_due_on=d.maybe((NOW + timedelta(days=10)).date()), certificate_id=d.choice([*[c.pk for c in certs], None]),
        )  # fmt: skip
        for k in range(d.randint(0, 3)):
            _paper(d, case, d.choice(["m00", "m01", "m02", "m88"]) if d.likely(0.4) else f"m{k:02d}", certs, file)
        if d.likely(0.5):
            CustodyPiece.objects.create(
                barcode=f"{n:010d}", case=case, kind=d.choice(["certificate", "certificate", "original"]), what="证", holder="applicant", since=NOW,
                made_by=clerk, made_at=NOW + timedelta(hours=d.choice([0, 3, 30])),
            )  # fmt: skip
        if d.likely(0.8):
            _review(d, case if d.likely(0.8) else None, item, n, person)


def _cert(d: Dice, n: int, person: Person, org: Org, kind: str, file: Any) -> ECert:
    state = d.choice(["valid", "valid", "valid", "expired", "cancelled", "revoked"])
    cert = ECert.objects.create(
        identifier=f"i{n}", type_id=kind, person=person, issuer=org, serial=str(n), issued_on=NOW.date(), valid_from=NOW.date(),
        valid_to=d.choice([None, (NOW + timedelta(days=400)).date()]), state=state, file=d.choice([file, None]), verify_code=f"v{n}",
        subject_type="x", subject_id="x", content_hash="0" * 64, issued_at=NOW + timedelta(hours=d.choice([-30, 0, 2])),
    )  # fmt: skip
    for _ in range(d.randint(0, 2)):
        ECertUse.objects.create(
            cert=cert, purpose="办理事项", actor_kind="staff", actor_name=d.choice(["演示", ""]), org_id=org.pk, org_name="x", channel="web",
            subject_type="x", subject_id=d.choice(["s", "s", ""]), consent_at=NOW, at=NOW + timedelta(hours=d.choice([-1, 1, 2])),
        )  # fmt: skip
    return cert


def _paper(d: Dice, case: Case, material_id: str, certs: list[ECert], file: Any) -> None:
    source = d.choice(["paper", "paper", "upload", "certificate"])
    CaseMaterial.objects.create(
        case=case, material_id=material_id, name="x", source=source, file=file if source == "upload" else None,
        certificate_id=certs[0].pk if source == "certificate" else None, consented_at=NOW if source == "certificate" else None,
        is_rejected=d.likely(0.2), added_at=NOW + timedelta(hours=d.choice([0, 18])),
    )  # fmt: skip


def _review(d: Dice, case: Case | None, item: ImplementationItem, n: int, person: Person) -> None:
    level = d.choice([1, 2, 3, 4, 5, None])
    subject: UUID = case.pk if case else uuid7()
    Review.objects.create(
        token=f"t{n}", subject_type="cases.Case", subject_id=str(subject), number=f"n{n}", title="x", item_slug=item.slug, org_id=item.org_id,
        region_id=item.region_id, person=person, level=level, is_real_name=d.likely(0.5), invited_at=NOW, rated_at=NOW if level else None,
        state="collected" if level else "invited",
    )  # fmt: skip
