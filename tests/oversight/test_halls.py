"""Extended hours and entry: the rule as a table, figures beside plain SQL, claims, exemptions, annex 3, rights."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import xlsxwriter
from django.db import connection
from python_calamine import CalamineWorkbook

from siban.cases.api import Case, Mandate
from siban.catalog.api import NegativeEntry
from siban.halls import actions, annex, hours, measures, queries, rules
from siban.halls.models import DelayedClaim
from siban.identity.api import Person, open_staff_account
from siban.kernel import measures as kernel
from siban.kernel.actor import SYSTEM
from siban.kernel.flow import Refused
from siban.kernel.ids import uuid7
from siban.kernel.imports import ImportRefused

from .conftest import AT, Reform, add_version, make_item

DAY = date(2026, 1, 5)
RULE = [  # 依申请, 权力, 办件类型, 全程网办, 件数 → 在范围, 服务, 理由里有
    (False, False, "instant", True, 99, False, "", "主动服务"),
    (False, True, "promised", False, 0, False, "", "不是依申请"),
    (True, True, "instant", False, 0, True, "咨询、受理、办理", "即办类"),
    (True, True, "promised", False, 0, True, "咨询、受理", "承诺办理类"),
    (True, False, "promised", True, 0, True, "咨询、受理", "全程网办类"),
    (True, True, "promised", False, 20, True, "咨询、受理", "热点高频"),
    (True, False, "other", False, 0, True, "咨询", "咨询类"),
]


@pytest.mark.parametrize(("applied", "power", "kind", "online", "cases", "is_in", "services", "why"), RULE)
def test_the_scope_rule(applied: bool, power: bool, kind: str, online: bool, cases: int, is_in: bool, services: str, why: str) -> None:  # fmt: skip
    said = rules.scope(rules.Facts(applied, power, kind, online, cases), hot_cases=20)
    assert (said.is_in, said.words) == (is_in, services)
    assert any(why in reason for reason in said.reasons)


def test_the_seed_is_the_49_claims_of_16_departments() -> None:
    said = hours.said()["claimed_2023"]
    assert (sum(said.values()), len(said)) == (49, 16)
    assert set(hours.slots()) == {"early_late", "noon", "weekend", "holiday"}


@pytest.fixture
def items(reform: Reform) -> list[Any]:
    made = []
    for n, (org, kind, applied, hall) in enumerate(
        [
            (reform.office, "instant", True, True),
            (reform.office, "promised", True, True),
            (reform.office, "promised", True, False),
            (reform.office, "instant", False, False),
            (reform.neighbour, "promised", True, True),
        ]
    ):
        item = make_item(org, n, case_type=kind, is_applied_service=applied, is_in_hall=hall)
        add_version(item, DAY)
        made.append(item)
    return made


def claimed(reform: Reform, item: Any, **said: Any) -> DelayedClaim:
    return actions.claim(item_id=item.pk, slots=["noon"], by=reform.actor("dept_admin"), at=AT, **said)


def sql(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


PUBLISHED = "version_id IS NOT NULL AND NOT is_suspended AND state NOT IN ('suspended', 'cancelled')"


def test_figures_are_what_plain_sql_says_and_nought_is_shown(reform: Reform, items: list[Any]) -> None:
    claim, bureau = claimed(reform, items[0]), reform.actor("service_admin")
    claimed(reform, items[1])
    actions.confirm(claim_ids=[claim.pk], by=bureau, at=AT)
    asked = actions.ask_exemption(
        item_id=items[2].pk, ground="system", reason="省垂业务系统周末停机不能登录", by=reform.actor("dept_admin"), at=AT
    )  # fmt: skip
    assert kernel.figures([measures.COVERAGE])["delayed_service_scope_coverage"][None].total == 4
    actions.answer_exemption(exemption_id=asked.pk, is_granted=True, answer="情况属实", by=bureau, at=AT)
    NegativeEntry.objects.create(item=items[2], reason="场地限制", listed_at=AT, listed_by="演示")
    told = {m.slug: kernel.figures([m])[m.slug][None] for m in (measures.CLAIMS, measures.COVERAGE, measures.ENTRY)}
    assert (
        told["delayed_service_claim_count"].hits
        == sql("SELECT count(*) FROM halls_delayedclaim WHERE state = 'listed'")[0]
        == 1
    )
    coverage = sql(
        f"SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM halls_delayedclaim c WHERE c.item_id = i.id AND c.state = 'listed')), count(*)"
        f" FROM catalog_implementationitem i WHERE {PUBLISHED} AND is_applied_service AND NOT EXISTS"
        f" (SELECT 1 FROM halls_delayedexemption e WHERE e.item_id = i.id AND e.state = 'granted')"
    )  # fmt: skip
    assert (
        (told["delayed_service_scope_coverage"].hits, told["delayed_service_scope_coverage"].total)
        == coverage
        == (1, 3)
    )
    entry = sql(
        f"SELECT count(*) FILTER (WHERE is_in_hall), count(*) FROM catalog_implementationitem i WHERE {PUBLISHED} AND is_applied_service"
        f" AND NOT EXISTS (SELECT 1 FROM catalog_negativeentry n WHERE n.item_id = i.id AND n.removed_at IS NULL)"
    )
    assert (told["hall_entry_rate"].hits, told["hall_entry_rate"].total) == entry == (3, 3)
    again = kernel.figures([measures.ENTRY_003])["hall_entry_rate_003"][None]
    assert (again.hits, again.total) == entry
    share = kernel.figures([measures.DELAYED_IN_HALL])["delayed_service_hall_share"][None]
    assert (share.hits, share.total) == sql(
        f"SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM halls_delayedclaim c WHERE c.item_id = i.id AND c.state = 'listed')), count(*)"
        f" FROM catalog_implementationitem i WHERE {PUBLISHED} AND is_applied_service AND is_in_hall"
    )
    lines = {line.org.code: line for line in queries.delayed(bureau)}
    assert (lines["neighbour"].listed, lines["neighbour"].figure.percent) == (0, "0.00%")
    assert lines["office"].waiting == 1
    for key in queries.PARTS:
        assert queries.rows(bureau, queries.PARTS, part=key, org="office").count() == lines["office"].counts[key]


def test_what_does_not_belong_is_not_claimed_and_nobody_claims_for_a_neighbour(
    reform: Reform, items: list[Any]
) -> None:
    with pytest.raises(Refused, match="不在延时服务范围"):
        claimed(reform, items[3])
    with pytest.raises(Refused, match="不属于本单位"):
        claimed(reform, items[4])
    with pytest.raises(Refused, match="不能填“办理”"):
        claimed(reform, items[1], services=["handle"])
    claim = claimed(reform, items[0])
    with pytest.raises(Refused, match="已经认领过"):
        claimed(reform, items[0])
    with pytest.raises(Refused):
        actions.confirm(claim_ids=[claim.pk], by=reform.actor("service_admin", reform.far), at=AT)
    with pytest.raises(Refused):
        actions.withdraw(claim_id=claim.pk, reason="不再开展", by=reform.actor("dept_admin", reform.neighbour), at=AT)
    actions.withdraw(claim_id=claim.pk, reason="不再开展", by=reform.actor("dept_admin"), at=AT)
    assert claimed(reform, items[0]).state == "claimed"


def sheet(*rows: list[str]) -> io.BytesIO:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet(annex.SHEET)
        for n, row in enumerate([list(annex.HEADS), *rows]):
            page.write_row(n, 0, row)
    return out


def test_annex_3_comes_in_whole_or_names_each_wrong_cell(reform: Reform, items: list[Any]) -> None:
    by = reform.actor("dept_admin")
    good = ["1", "office", items[0].name, "", "即办件", "咨询、受理", "午间、周末", ""]
    bad = [
        ["2", "neighbour", items[4].name, "", "", "", "午间", ""], ["3", "", items[1].name, "", "", "", "夜里", ""],
        ["4", "", "没有的事项", "", "", "", "午间", ""], ["5", "", items[3].name, "", "", "", "午间", ""],
    ]  # fmt: skip
    with pytest.raises(ImportRefused) as why:
        annex.take_in(upload=sheet(good, *bad), name="a.xlsx", by=by, at=AT)
    assert [s.split("填的是")[0] for s in why.value.sentences] == [
        f"工作表“{annex.SHEET}”第 {n} 行“{head}”" for n, head in ((3, "单位"), (4, "延时时段"), (5, "事项名称"), (6, "事项名称"))
    ]  # fmt: skip
    assert DelayedClaim.objects.count() == 0
    assert annex.take_in(upload=sheet(good), name="a.xlsx", by=by, at=AT) == 1
    assert annex.take_in(upload=sheet(good), name="a.xlsx", by=by, at=AT) == 0
    assert DelayedClaim.objects.get().slots == ["noon", "weekend"]


def test_a_department_is_entered_authorised_and_told_when_it_is_there_by_name_only(
    reform: Reform, items: list[Any]
) -> None:
    bureau = reform.actor("service_admin")
    made = actions.enter(
        org_id=reform.office.pk, hall="政务服务中心", entered_on=DAY, windows=1, staff=2, by=bureau, at=AT
    )
    with pytest.raises(Refused, match="已经进驻"):
        actions.enter(
            org_id=reform.office.pk, hall="政务服务中心", entered_on=DAY, windows=1, staff=2, by=bureau, at=AT
        )
    with pytest.raises(Refused):
        actions.enter(org_id=reform.far.pk, hall="政务服务中心", entered_on=DAY, windows=1, staff=2, by=bureau, at=AT)

    def authorised() -> tuple[int, int | None]:
        said = kernel.figures([measures.AUTHORISED_003])["hall_authorisation_rate_003"][None]
        return said.hits, said.total

    assert authorised() == (0, 1)
    account = open_staff_account(
        login="chief", name="演示·首席代表", password="Siban-2026-demo", posts=[("chief_rep", reform.office, reform.office.region_id)],
        by=SYSTEM, at=AT, since=DAY,
    )  # fmt: skip
    Mandate.objects.create(
        org=reform.office, account=account, number="授1号", valid_from=DAY, valid_to=date(2099, 1, 1), created_at=AT
    )
    assert authorised() == (1, 1)

    person = Person.objects.create(name="演示甲", id_number="演示", created_at=AT)

    def accepted(item: Any, received: Any) -> None:
        Case.objects.create(
            id=uuid7(), number=str(uuid7()), item=item, version=item.version, org=item.org, region=item.region, state="accepted",
            title=item.name, case_type="promised", person=person, applicant_name="演示甲", applicant_id_number="演示", channel="window",
            received_org=received, created_at=AT, submitted_at=AT, accepted_at=AT,
        )  # fmt: skip

    accepted(items[0], reform.office)
    accepted(items[1], reform.office)
    accepted(items[1], reform.bureau_org)
    accepted(items[4], None)
    day = AT.date()
    assert queries.in_name_only(bureau, begin=day, end=day) == [(items[0], 1)]
    assert queries.in_name_only(bureau, begin=day + timedelta(1), end=day + timedelta(9)) == []
    actions.leave(entry_id=made.pk, left_on=day, reason="场地调整", by=bureau, at=AT)
    assert authorised() == (0, 0)


def test_pages_open_and_show_own_rows_only(reform: Reform, items: list[Any]) -> None:
    claimed(reform, items[0])
    bureau, mine = reform.client("service_admin"), reform.client("dept_admin")
    for address in (
        "delayed/", "delayed/items/?part=gap", "delayed/items/?part=out", "delayed/claims/", "delayed/exemptions/", "delayed/annex/", "entry/",
        "entry/items/?part=missing", "entry/letters/", "entry/in-name/", "entry/in-name/?begin=2026-02-01&end=x", "entry/export/",
    ):  # fmt: skip
        for client in (bureau, mine):
            answer = client.get(f"/desk/halls/{address}")
            assert answer.status_code == 200
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert client is bureau or b"neighbour" not in body
    answer = mine.post(
        "/desk/halls/delayed/items/?part=gap", {"do": "claim", "item": str(items[1].pk), "slots": ["noon"]}
    )
    assert answer.status_code == 302
    assert DelayedClaim.objects.filter(item=items[1], state="claimed").exists()
    answer = mine.post(
        "/desk/halls/delayed/items/?part=gap",
        {"do": "exempt", "item": str(items[2].pk), "ground": "system", "reason": "短"},
    )
    assert answer.status_code == 422
    assert "至少 10 个字" in answer.content.decode()
    assert bureau.post("/desk/halls/delayed/claims/", {"do": "confirm"}).status_code == 302
    assert DelayedClaim.objects.filter(state="listed").count() == 2
    for number, sheet_name in (("3", annex.SHEET), ("4", "附件4总表")):
        answer = mine.get(f"/desk/figures/export/?annex={number}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert CalamineWorkbook.from_filelike(io.BytesIO(body)).sheet_names[0] == sheet_name
    for slug in (
        "delayed_service_claim_count",
        "delayed_service_scope_coverage",
        "hall_entry_rate",
        "hall_authorisation_rate_003",
    ):
        for part in ("hits", "total"):
            assert bureau.get(f"/desk/figures/{slug}/all/{part}/").status_code == 200
