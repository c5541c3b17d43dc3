"""Documents step by step: drafted from what was recorded, changed in words, locked, issued, and the same bytes for ever."""

import io
import re
import subprocess
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from siban.catalog.models import ImplementationItem
from siban.identity.models import Org
from siban.kernel import clock, measures
from siban.kernel.flow import Refused
from siban.kernel.models import Paper
from siban.oversight import measures_documents, tasks
from siban.oversight.actions import documents as act
from siban.oversight.actions import snapshots as record
from siban.oversight.documents import setting
from siban.oversight.documents.kinds import KINDS
from siban.oversight.models_documents import Document, DueDocument
from siban.oversight.models_supervision import Directive
from siban.oversight.queries import documents as queries
from tests.cases import cast as standing

CHINA = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 16, 17, 0, tzinfo=CHINA)
DAY = MONDAY.date()


@pytest.fixture
def recorded(cast: standing.Cast) -> standing.Cast:
    """Figures of yesterday, last Monday and today; one item became instant meanwhile."""
    for back in (7, 1):
        record.take(day=(MONDAY - timedelta(days=back)).date(), by=cast.administrator, at=MONDAY, reason="补录")
    ImplementationItem.objects.filter(org=cast.orgs["other"]).update(case_type="instant")
    record.take(by=cast.administrator, at=MONDAY, reason="")
    return cast


def drafted(cast: standing.Cast, kind: str = "weekly", at: datetime = MONDAY) -> Document:
    return act.draft(kind=kind, day=DAY, org_id=cast.orgs["hall"].pk, by=cast.administrator, at=at)


def first_para(document: Document) -> str:
    return next(b.id for b in document.blocks() if b.kind == "para" and any(isinstance(s, int) for s in b.spans))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drafted_and_both_files_carry_every_number(
    recorded: standing.Cast, kind: str, tmp_path: Path
) -> None:
    document = drafted(recorded, kind)
    content = setting.content_of(document)
    word, pdf = setting.word(content), setting.pdf(content)
    assert (word, pdf) == (setting.word(content), setting.pdf(content))
    read = docx.Document(io.BytesIO(word))
    rows = [[c.text for c in row.cells] for row in read.tables[-1].rows][1:]
    assert [r[1] for r in rows] == [n.text for n in document.numbers()]
    with zipfile.ZipFile(io.BytesIO(word)) as parts:
        xml = parts.read("word/document.xml").decode()
        assert {i.date_time for i in parts.infolist()} == {setting.STILL}
    assert set(re.findall(r'w:anchor="(n\d+)"', xml)) == set(re.findall(r'w:name="(n\d+)"', xml))
    (tmp_path / "a.pdf").write_bytes(pdf)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    for number in document.numbers():
        assert number.text in text.replace("\n", "")


def test_the_same_day_and_knowledge_give_the_same_bytes_whatever_was_recorded_later(recorded: standing.Cast) -> None:
    first = setting.content_of(drafted(recorded))
    act.withdraw(pk=Document.objects.get().pk, why="演示", by=recorded.administrator, at=MONDAY)
    ImplementationItem.objects.update(case_type="promise")
    record.take(day=DAY, by=recorded.administrator, at=MONDAY + timedelta(hours=1), reason="")
    again = drafted(recorded, at=MONDAY)
    assert setting.word(setting.content_of(again)) == setting.word(first)
    act.withdraw(pk=again.pk, why="演示", by=recorded.administrator, at=MONDAY)
    later = drafted(recorded, at=MONDAY + timedelta(hours=2))
    assert later.content["numbers"] != again.content["numbers"]


def test_every_number_equals_the_recorded_rows_it_names(recorded: standing.Cast) -> None:
    document = drafted(recorded)
    asked = [n for n in document.numbers() if n.slug and n.kind in ("percent", "count", "total", "gap", "difference")]
    assert len(asked) > 10
    for place, number in enumerate(document.numbers(), start=1):
        if number not in asked:
            continue
        page = queries.number_page(document.pk, place, by=recorded.administrator)
        assert (page.sum_hits, page.sum_total) == (number.hits, number.total), number


def test_words_may_change_and_numbers_may_not(recorded: standing.Cast) -> None:
    document = drafted(recorded)
    block = first_para(document)
    text = queries.block_text(document, block)
    assert text
    number = document.numbers()[0]
    with pytest.raises(Refused, match="不能手改"):
        act.edit(
            pk=document.pk,
            block=block,
            text=text.replace(f"{number.text}〔1〕", "100.00%〔1〕"),
            by=recorded.administrator,
            at=MONDAY,
        )
    with pytest.raises(Refused, match="不能为空"):
        act.edit(pk=document.pk, block=block, text=" ", by=recorded.administrator, at=MONDAY)
    act.edit(pk=document.pk, block=block, text=f"经核对，{text}另有 12 件待核。", by=recorded.administrator, at=MONDAY)
    fresh = Document.objects.get()
    content = setting.content_of(fresh)
    assert content["free"] == ["12"]
    assert content["edits"][0]["after"].startswith("经核对")
    assert "12" in docx.Document(io.BytesIO(setting.word(content))).paragraphs[-1].text
    act.undo_edit(pk=document.pk, block=block, by=recorded.administrator, at=MONDAY)
    assert queries.block_text(Document.objects.get(), block) == text


def test_drafting_again_keeps_the_changes_that_still_fit_and_names_the_others(recorded: standing.Cast) -> None:
    document = drafted(recorded)
    heading = next(b.id for b in document.blocks() if b.kind == "heading")
    block = first_para(document)
    text = queries.block_text(document, block)
    act.edit(pk=document.pk, block=heading, text="一、总的情况", by=recorded.administrator, at=MONDAY)
    act.edit(pk=document.pk, block=block, text=f"经核对，{text}", by=recorded.administrator, at=MONDAY)
    ImplementationItem.objects.update(case_type="instant")
    record.take(day=DAY, by=recorded.administrator, at=MONDAY + timedelta(hours=1), reason="")
    act.redraft(pk=document.pk, by=recorded.administrator, at=MONDAY + timedelta(hours=2))
    fresh = Document.objects.get()
    assert [e.block for e in fresh.standing_edits()] == [heading]
    assert list(fresh.edits.filter(left_behind=True).values_list("block", flat=True)) == [block]


def test_parts_that_do_not_add_up_are_explained_before_the_document_leaves(recorded: standing.Cast) -> None:
    document, by = drafted(recorded), recorded.administrator
    heading = next(b.id for b in document.blocks() if b.kind == "para")
    act.edit(pk=document.pk, block=heading, text="发布信息 5796 条，其中公文 952 条、动态 4777 条。", by=by, at=MONDAY)
    act.lock(pk=document.pk, by=by, at=MONDAY)
    with pytest.raises(Refused, match="勾稽不符"):
        act.issue(pk=document.pk, by=by, at=MONDAY)
    act.explain(pk=document.pk, text="其余 67 条为栏目说明。", by=by, at=MONDAY)
    issued = act.issue(pk=document.pk, by=by, at=MONDAY)
    assert issued.paper.number.endswith("〔2026〕1号")
    assert "5729" in issued.paper.content["mismatches"][0]
    with pytest.raises(Refused):
        act.edit(pk=document.pk, block=heading, text="再改", by=by, at=MONDAY)


def test_figures_are_locked_on_the_twentieth_once(cast: standing.Cast) -> None:
    at = datetime(2026, 3, 20, 17, 0, tzinfo=CHINA)
    assert tasks.lock_the_month(at - timedelta(hours=1)) == 0
    assert tasks.lock_the_month(at) == 1
    assert tasks.lock_the_month(at + timedelta(minutes=10)) == 0
    document = Document.objects.get()
    assert (document.kind, document.state, document.day) == ("monthly", "locked", at.date())
    with pytest.raises(Refused):
        act.redraft(pk=document.pk, by=cast.administrator, at=at)


def test_nothing_is_drafted_for_a_day_without_figures_or_twice(recorded: standing.Cast) -> None:
    with pytest.raises(Refused, match="没有记录"):
        act.draft(
            kind="daily",
            day=DAY - timedelta(days=3),
            org_id=recorded.orgs["hall"].pk,
            by=recorded.administrator,
            at=MONDAY,
        )
    with pytest.raises(Refused, match="还没有到"):
        act.draft(
            kind="daily",
            day=DAY + timedelta(days=1),
            org_id=recorded.orgs["hall"].pk,
            by=recorded.administrator,
            at=MONDAY,
        )
    drafted(recorded)
    with pytest.raises(Refused, match="已经有了"):
        drafted(recorded)
    with pytest.raises(Refused, match="政务服务管理机构"):
        act.draft(kind="daily", day=DAY, org_id=recorded.orgs["hall"].pk, by=recorded.reviewer, at=MONDAY)


def test_the_pages_open_each_number_and_units_read_what_was_issued(
    recorded: standing.Cast, settings: Any, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    document, by = drafted(recorded), recorded.administrator
    office, unit = standing.client_of(recorded, "administrator"), standing.client_of(recorded, "other_reviewer")
    page = office.get(reverse("document", args=[document.pk])).content.decode()
    assert all(word in page for word in ("修改", "锁定数字", "按最新数据重新起草", "作废"))
    for address in dict.fromkeys(re.findall(rf'href="({reverse("document", args=[document.pk])}numbers/\d+/)"', page)):
        assert office.get(address).status_code == 200
    for n in document.numbers():
        assert not n.href or office.get(n.href).status_code == 200, n.href
    assert unit.get(reverse("document", args=[document.pk])).status_code == 404
    act.lock(pk=document.pk, by=by, at=MONDAY)
    assert office.post(reverse("document-step", args=[document.pk, "issue"])).status_code == 302
    number = Paper.objects.get(kind="bulletin").number
    assert number in unit.get(reverse("documents")).content.decode()
    assert unit.get(reverse("document", args=[document.pk])).status_code == 200
    for form in ("word", "pdf"):
        address = reverse("document-download", args=[document.pk, form])
        assert office.get(address).content == unit.get(address).content
    assert "修改" not in unit.get(reverse("document", args=[document.pk])).content.decode()


def test_a_text_from_elsewhere_is_checked_and_not_kept(recorded: standing.Cast) -> None:
    office = standing.client_of(recorded, "inspector")
    said = {"text": "全年发布信息 5796 条，其中公文 952 条、动态 4777 条。\n3 月 4215 件，2 月 2038 件，增加 2 倍。"}
    page = office.post(reverse("document-check"), said).content.decode()
    assert "952 + 4777 = 5729" in page
    assert "106.82%" in page


def test_reading_a_document_costs_the_same_however_many_numbers_it_has(
    recorded: standing.Cast, django_assert_max_num_queries: Any
) -> None:
    document = drafted(recorded)
    with django_assert_max_num_queries(6):
        shown = queries.page(document.pk, by=recorded.administrator, at=MONDAY)
    assert shown.count == len(document.numbers())


def test_what_was_owed_and_what_came_in_time_is_a_figure_with_its_rows(recorded: standing.Cast) -> None:
    """A directive asks for a table each day; one of three came."""
    bureau, by = recorded.orgs["hall"], recorded.administrator
    Directive.objects.create(
        number="演示〔2026〕1号", title="演示督查通知", dated=DAY, cadence=["daily_dispatch"], region=bureau.region, org=bureau,
        state="issued", created_at=MONDAY, changed_at=MONDAY, issued_at=MONDAY,
    )  # fmt: skip
    for back in (0, 1, 2):
        act.expect(day=DAY + timedelta(days=back))
        act.expect(day=DAY + timedelta(days=back))
    document = drafted(recorded, "daily")
    act.lock(pk=document.pk, by=by, at=MONDAY)
    act.issue(pk=document.pk, by=by, at=MONDAY)
    found = measures.figures([measures_documents.DAYS])["bulletin_cadence_days"][None]
    rows = DueDocument.objects.filter(kind="daily", due_on__lt=clock.local_day(clock.now()))
    assert (found.hits, found.total) == (1, rows.count())
    assert rows.get(done_on__isnull=False).document == document
    assert "演示督查通知" in rows[0].asked_by


def test_the_command_line_writes_the_same_file_again_however_much_was_recorded_since(
    recorded: standing.Cast, tmp_path: Path
) -> None:
    Org.objects.filter(pk=recorded.orgs["hall"].pk).update(code="gov_service")
    said = ["weekly", "--day", str(DAY), "--known-at", "2026-03-16T17:00", "--out"]
    for name in ("a.docx", "a.pdf"):
        call_command("report", *said, str(tmp_path / name), stdout=io.StringIO())
    ImplementationItem.objects.update(case_type="promise")
    record.take(day=DAY, by=recorded.administrator, at=MONDAY + timedelta(hours=1), reason="")
    for name in ("b.docx", "b.pdf"):
        call_command("report", *said, str(tmp_path / name), stdout=io.StringIO())
        assert (tmp_path / name).read_bytes() == (tmp_path / name.replace("b", "a")).read_bytes()
    assert not Document.objects.exists()
    with pytest.raises(CommandError, match="没有记录过"):
        call_command("report", "daily", "--day", "2026-01-02", "--out", str(tmp_path / "c.pdf"))
