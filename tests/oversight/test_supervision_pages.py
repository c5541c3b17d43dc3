"""The pages of supervision: written, read, issued, worked on, seen by whom it concerns and by nobody else."""

import io
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.urls import reverse

from siban.identity.api import OrgAlias
from siban.oversight.actions import directing, watching
from siban.oversight.models import Directive, Task, Treatment
from tests.oversight import supervised
from tests.oversight.supervised import MONDAY, Cast, draft, issued, problem, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return supervised.cast()


def filled(cast: Cast, **changed: Any) -> dict[str, Any]:
    """What the one page sends for a whole directive with one problem."""
    said: dict[str, Any] = {
        "title": "关于整改的通知", "number": "鄂旗督〔2026〕9号", "dated": "2026-03-02", "cadence": ["weekly_bulletin"], "hold_days": "3",
        "acknowledge_workdays": "2", "problems": "1", "p1-title": "延时服务迟滞", "p1-finding": "", "p1-requirement": "逐项认领",
        "p1-due_on": "2099-03-20", "p1-t1-measure": "即办件比率", "p1-t1-comparison": ">=", "p1-t1-value": "80%",
        "p1-documents": "延时服务事项清单", "p1-units": [str(cast.orgs["housing"].pk)], "p1-all-townships": "1", "do": "check",
    }  # fmt: skip
    return {**said, **changed}


def test_a_directive_is_written_on_one_page_kept_as_a_draft_and_issued(cast: Cast) -> None:
    desk = cast.client("director")
    desk.post(reverse("directive-begin"))
    row = Directive.objects.get()
    edit = reverse("directive-edit", args=[row.pk])
    assert desk.get(edit).status_code == 200
    half = desk.post(edit, filled(cast, number="", **{"p1-requirement": "", "do": "save"}))
    assert half.status_code == 302
    page = desk.get(reverse("directive", args=[row.pk])).content.decode()
    assert "还没有填写文号" in page
    assert "没有整改要求" in page
    assert desk.post(reverse("directive-act", args=[row.pk, "issue"])).status_code == 409
    desk.post(edit, filled(cast))
    p = Directive.objects.get().problems.get()
    assert [t.get("measure") or t["document"] for t in p.targets] == ["instant_item_ratio", "延时服务事项清单"]
    assert set(p.units.values_list("short_name", flat=True)) == {"住建局", "演示苏木"}
    done = desk.post(reverse("directive-act", args=[row.pk, "issue"]), follow=True).content.decode()
    assert "产生 2 项任务" in done
    assert Task.objects.count() == 2
    assert desk.get(edit).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"dated": "2026-02-30"}, "应是日历上有的一天"),
        ({"hold_days": "x"}, "应是 1 到 60 之间的整数"),
        ({"p1-due_on": "明天"}, "整改期限“明天”"),
        ({"p1-t1-measure": "没有的指标"}, "没有叫“没有的指标”的指标"),
        ({"p1-t1-value": "很高"}, "应是数字"),
        ({"title": "长" * 300}, "最多 200 个字"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_entered_is_lost(
    cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    row = directing.begin(by=cast.director, at=MONDAY)
    answer = cast.client("director").post(reverse("directive-edit", args=[row.pk]), filled(cast, **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    for kept in ("逐项认领", "延时服务迟滞", next(iter(wrong.values()))):
        assert kept in page
    assert Directive.objects.get().problems.count() == 0


def test_another_problem_is_added_without_losing_the_first(cast: Cast) -> None:
    row = directing.begin(by=cast.director, at=MONDAY)
    page = (
        cast.client("director").post(reverse("directive-edit", args=[row.pk]), filled(cast, do="add")).content.decode()
    )
    assert "第 2 个问题" in page
    assert Directive.objects.get().problems.count() == 1


TEXT = """关于整改突出问题的通知
鄂旗督〔2026〕7号
一、存在的问题
（一）延时服务迟滞。
涉及部门：住建局、热力公司、锡尼河
二、整改要求
（一）认领延时服务。即办件比率达到80%以上，优化比例不低于60%，2099年3月20日前完成。
2026年3月2日"""


def test_a_notice_is_read_and_every_uncertain_thing_decided_before_it_is_issued(cast: Cast) -> None:
    desk = cast.client("director")
    assert desk.get(reverse("directive-read")).status_code == 200
    answer = desk.post(reverse("directive-read"), {"text": TEXT})
    row = Directive.objects.get()
    side = reverse("directive-reading", args=[row.pk])
    assert answer.headers["Location"] == side
    page = desk.get(side).content.decode()
    assert '<mark class="sb-source sb-source--ask" title="' in page
    assert "热力公司" in page
    assert [(a["kind"], a["value"]) for a in row.reading["asks"]] == [
        ("unit", "热力公司"),
        ("unit", "锡尼河"),
        ("figure", "优化比例不低于60%"),
    ]
    for ask in row.reading["asks"]:
        assert TEXT[ask["start"] : ask["end"]] == ask["value"]
    assert desk.post(reverse("directive-act", args=[row.pk, "issue"])).status_code == 409
    org = str(cast.orgs["transport"].pk)
    assert desk.post(side, {"ask": "0", "do": "org", "org": ""}).status_code == 409
    desk.post(side, {"ask": "0", "do": "org", "org": org, "alias": "on"})
    assert OrgAlias.objects.get().name == "热力公司"
    assert desk.post(side, {"ask": "1", "do": "drop", "reason": ""}).status_code == 409
    desk.post(side, {"ask": "1", "do": "drop", "reason": "原文笔误，不涉及"})
    desk.post(side, {"ask": "2", "do": "document", "document": "两优统计表"})
    row.refresh_from_db()
    assert all(a["answer"] for a in row.reading["asks"])
    said = desk.get(reverse("directive", args=[row.pk])).content.decode()
    assert "还没有对照原文核对" in said
    edit = reverse("directive-edit", args=[row.pk])
    shown = desk.get(edit).content.decode()
    assert "已对照原文核对" in shown
    p = row.problems.get()
    assert set(p.units.values_list("short_name", flat=True)) == {"住建局", "交通运输局"}
    desk.post(edit, {
        "title": row.title, "number": row.number, "dated": "2026-03-02", "hold_days": "3", "acknowledge_workdays": "2", "problems": "1",
        "p1-title": p.title, "p1-finding": p.finding, "p1-requirement": p.requirement, "p1-due_on": "2099-03-20", "p1-from": "0",
        "p1-confirmed": "1", "p1-units": [str(u.pk) for u in p.units.all()], "p1-documents": "两优统计表", "do": "save",
    })  # fmt: skip
    desk.post(reverse("directive-act", args=[row.pk, "issue"]))
    assert Task.objects.count() == 2


def test_a_document_is_read_and_a_dangerous_one_refused(cast: Cast) -> None:
    desk, document, out = cast.client("director"), docx.Document(), io.BytesIO()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    document.save(out)
    upload = io.BytesIO(out.getvalue())
    upload.name = "通知.docx"
    desk.post(reverse("directive-read"), {"file": upload})
    assert Directive.objects.get().number == "鄂旗督〔2026〕7号"
    kept = desk.get(reverse("directive-source", args=[Directive.objects.get().pk]))
    assert b"".join(kept.streaming_content) == out.getvalue()
    for name, body in (
        ("通知.docx", b"MZ\x90\x00"),
        ("通知.docx", supervised.picture()),
        ("通知.png", supervised.picture()),
        ("坏.docx", b"PK\x03\x04xx"),
    ):
        wrong = io.BytesIO(body)
        wrong.name = name
        answer = desk.post(reverse("directive-read"), {"file": wrong, "text": ""})
        assert answer.status_code == 422
    assert Directive.objects.count() == 1


def test_a_unit_sees_and_works_on_its_own_tasks_alone(cast: Cast) -> None:
    row = issued(cast, problem(cast, "housing", "transport"))
    mine, other = row.tasks.get(org=cast.orgs["housing"]), row.tasks.get(org=cast.orgs["transport"])
    desk = cast.client("worker")
    assert mine.number in (page := desk.get(reverse("tasks")).content.decode())
    assert other.number not in page
    assert desk.get(reverse("task", args=[mine.pk])).status_code == 200
    assert desk.get(reverse("task", args=[other.pk])).status_code == 404
    assert desk.post(reverse("task-act", args=[other.pk, "note_progress"]), {"words": "已经部署"}).status_code == 404
    matrix = desk.get(reverse("directive", args=[row.pk])).content.decode()
    assert "交通运输局" not in matrix
    assert desk.get(reverse("tasks-overview")).status_code == 403
    assert desk.get(reverse("directive-read")).status_code == 403
    assert cast.client("clerk").get(reverse("tasks")).status_code == 403
    sheet = b"".join(desk.get(reverse("tasks-export")).streaming_content)
    assert sheet.startswith(b"PK")


def test_the_task_page_takes_the_unit_from_receipt_to_verification(cast: Cast) -> None:
    task = issued(cast, problem(cast, "housing")).tasks.get()
    head, worker, bureau = cast.client("head"), cast.client("worker"), cast.client("inspector")
    address = reverse("task", args=[task.pk])

    def act(client: Any, move: str, **given: Any) -> Any:
        return client.post(reverse("task-act", args=[task.pk, move]), given)

    assert act(worker, "acknowledge").status_code == 409
    assert head.get(reverse("task-act", args=[task.pk, "acknowledge"])).status_code == 200
    assert act(head, "acknowledge", owner=str(cast.accounts["worker"].pk)).status_code == 302
    assert act(worker, "note_progress", words="短").status_code in (302, 409)
    assert act(worker, "begin", words="已经开会部署整改").status_code == 302
    refused = act(worker, "submit_evidence", words="已经全部整改到位")
    assert refused.status_code == 409
    assert "已经全部整改到位" in refused.content.decode()
    upload = io.BytesIO(supervised.picture())
    upload.name = "现场.png"
    wrong = io.BytesIO(b"MZ\x90\x00")
    wrong.name = "现场.exe"
    mixed = act(worker, "attach", file=[upload, wrong], words="现场照片")
    assert mixed.status_code == 422
    assert "已经收下 1 个文件" in mixed.content.decode()
    assert act(worker, "submit_evidence", words="已经全部整改到位").status_code == 302
    file = task.evidence.get()
    shown = bureau.get(reverse("task-evidence", args=[task.pk, file.pk]))
    assert b"".join(shown.streaming_content) == supervised.picture()
    assert cast.client("neighbour").get(reverse("task-evidence", args=[task.pk, file.pk])).status_code == 404
    assert act(bureau, "verify", words="已经到现场核对").status_code == 302
    assert act(bureau, "close").status_code == 302
    page = bureau.get(address).content.decode()
    for word in ("已销号", "演示·worker", "现场.png", "已经到现场核对"):
        assert word in page


def test_lists_cost_the_same_however_long(cast: Cast, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first = issued(cast, problem(cast, "housing"))
    desk, costs = cast.client("director"), []
    for n in range(2):
        if n:
            for k in range(3):
                issued(
                    cast,
                    problem(cast, "housing", "transport", "sumu"),
                    problem(cast, "sumu", title="其他"),
                    number=f"鄂旗督〔2026〕{k + 20}号",
                )
        said = []
        for address in (
            reverse("tasks"),
            reverse("tasks-overview"),
            reverse("directives"),
            reverse("directive", args=[first.pk]),
        ):
            desk.get(address)
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert desk.get(address).status_code == 200
            said.append(len(found))
        costs.append(said)
    assert costs[0] == costs[1]


def test_the_bureau_sees_where_all_units_stand(cast: Cast) -> None:
    row = issued(cast, problem(cast, "housing", "transport", "sumu"))
    submitted(cast, row.tasks.get(org=cast.orgs["housing"]))
    desk = cast.client("director")
    page = desk.get(reverse("tasks-overview")).content.decode()
    for word in ("住建局", "交通运输局", "演示苏木", "延时服务工作迟滞不前"):
        assert word in page
    assert desk.get(reverse("tasks"), {"tab": "check"}).content.decode().count("data-row") == 1
    assert (
        desk.get(reverse("tasks"), {"tab": "open", "sort": "unit", "unit": str(cast.orgs["sumu"].pk)})
        .content.decode()
        .count("data-row")
        == 1
    )
    assert (
        desk.get(reverse("tasks"), {"tab": "x", "unit": "x", "directive": "x", "page": "-1", "q": "\x00"}).status_code
        == 200
    )
    assert cast.client("auditor").get(reverse("tasks-overview")).status_code == 200


def test_a_pattern_is_copied_into_a_new_draft(cast: Cast) -> None:
    row = issued(cast, problem(cast, "housing", "sumu"))
    cast.client("director").post(reverse("directive-act", args=[row.pk, "copy"]))
    made = Directive.objects.exclude(pk=row.pk).get()
    assert (made.state, made.number, made.problems.get().units.count()) == ("draft", "", 2)
    assert draft().problems == ()


def test_several_proposals_are_decided_at_once_or_none(cast: Cast) -> None:
    issued(cast, problem(cast, "housing", "transport", "sumu"))
    late = MONDAY + timedelta(days=21)
    watching.pass_days(at=late)
    watching.propose_treatments(at=late)
    desk, keys = cast.client("inspector"), [str(t.pk) for t in Treatment.objects.all()]
    address = reverse("tasks-settle")
    page = desk.post(address, {"treatment": keys[:2], "do": "decide", "reason": ""})
    assert page.status_code == 409
    assert page.content.decode().count(" checked") == 2
    assert desk.post(address, {"do": "decide", "reason": "按规定提醒"}).status_code == 409
    assert desk.post(address, {"treatment": keys[:2], "do": "decide", "reason": "按规定提醒"}).status_code == 302
    assert sorted(Treatment.objects.values_list("state", flat=True)) == ["decided", "decided", "proposed"]
    assert desk.post(address, {"treatment": keys, "do": "dismiss", "reason": "已经整改到位"}).status_code == 409
    assert Treatment.objects.filter(state="proposed").count() == 1
