"""A figure falls short, a task is given and acknowledged, the item is mended, the task closes by itself, the week is reported."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import docx
import pytest
from playwright.sync_api import Browser, expect

from siban.catalog.models import ImplementationItem
from siban.kernel import clock
from siban.oversight import seeds
from siban.oversight.actions import directing, snapshots, watching
from siban.oversight.drafts import DirectiveDraft, ProblemDraft
from siban.oversight.models import Document, Task
from siban.oversight.rules_supervision import Target
from tests.cases import cast as standing

from .walking import Walk

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("width", [1280, 360])
def test_a_short_figure_becomes_a_task_that_closes_on_the_figure_and_a_bulletin(
    banner: standing.Cast, live_server: Any, chromium: Browser, width: int
) -> None:
    seeds.load_targets()
    unit, at = banner.orgs["department"], clock.now()
    ImplementationItem.objects.update(is_mobile=False)
    snapshots.take(by=banner.administrator, at=at, reason="每日记录")
    row = directing.begin(by=banner.inspector, at=at)
    problem = ProblemDraft(
        "掌上办没有全覆盖", "有的事项不能掌上办。", "逐项开通掌上办。", clock.local_day(at) + timedelta(days=10),
        (Target("mobile_coverage", ">=", Decimal(1)),), (unit.pk,),
    )  # fmt: skip
    draft = DirectiveDraft(
        "演示督〔2026〕8号", "关于整改掌上办的通知", clock.local_day(at), ("weekly_bulletin",), 1, 2, (problem,)
    )
    directing.save(directive_id=row.pk, draft=draft, by=banner.inspector, at=at)
    directing.issue(directive_id=row.pk, by=banner.inspector, at=at)
    task = Task.objects.get()

    head = Walk(chromium, live_server.url, width=width)
    head.log_in_staff("head", standing.PASSWORD)
    head.to("/desk/tasks/")
    head.look()
    head.follow("掌上办没有全覆盖")
    head.look()
    head.follow("确认接收") if head.page.locator("main").get_by_role("link", name="确认接收").count() else None
    head.press("确认接收")
    task.refresh_from_db()
    assert task.state == "acknowledged"

    ImplementationItem.objects.update(is_mobile=True)
    snapshots.take(by=banner.administrator, at=clock.now(), reason="整改以后")
    watching.watch(at=clock.now())
    office = Walk(chromium, live_server.url, width=width)
    office.log_in_staff("inspector", standing.PASSWORD)
    office.to(f"/desk/tasks/{task.pk}/")
    expect(office.page.locator("main")).to_contain_text("已销号")
    office.look()
    office.to(f"/desk/directives/{row.pk}/")
    office.look()

    office.to("/desk/documents/new/?kind=weekly")
    office.press("起草")
    office.look()
    number = office.page.locator("a.sb-number", has_text="100.00%").first
    number.click()
    office.look()
    office.follow("看现在的每一行")
    office.look()
    document = Document.objects.get()
    office.to(f"/desk/documents/{document.pk}/")
    office.press("锁定数字")
    office.press("印发")
    document.refresh_from_db()
    assert document.state == "issued"
    text = docx.Document(io.BytesIO(office.fetch(f"/desk/documents/{document.pk}/files/word/")))
    assert document.paper is not None
    assert any(document.paper.number in p.text for p in text.paragraphs)
    assert office.fetch(f"/desk/documents/{document.pk}/files/pdf/").startswith(b"%PDF")
    assert head.faults + office.faults == []
    head.close()
    office.close()
