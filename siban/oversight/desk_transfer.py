"""划转 on the desk: batches, one batch with its next step, decisions for who supervises."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django import forms as plain
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from siban.cases.api import OPEN, Case
from siban.catalog.api import ImplementationItem
from siban.identity.api import Org
from siban.kernel import clock, journal, papers
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.ui.forms import DateInput, Form
from siban.kernel.ui.parts import Cell, Figure, Lamp, Link, Table
from siban.kernel.ui.register import Deed, Register, Section, paged, show, turn

from .desk_liangyou import NUMBER, actor_of, sees
from .models import DecisionPush, TransferBatch
from .transfer import actions
from .transfer.flow import TRANSFER_FLOW

HOME = Link("许可权划转", "/desk/reform/transfers/")
DECISIONS = {
    "approve": "准予", "reject": "不予", "auto_approve": "准予（秒批）", "deem_renewed": "视为准予延续", "revoke": "撤销", "cancel": "注销",
}  # fmt: skip


def _day(label: str) -> plain.DateField:
    return plain.DateField(label=label, widget=DateInput())


class BatchForm(Form):
    """新的一批."""

    name = plain.CharField(label="名称", max_length=80, help_text="例如：首批划转（卫健委）")
    from_org = plain.ChoiceField(label="原部门")
    to_org = plain.ChoiceField(label="承接的审批局")
    follows = plain.ChoiceField(label="接在哪一批之后", required=False)

    def __init__(self, *args: Any, orgs: Any = (), batches: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        for name in ("from_org", "to_org"):
            self.fields[name].choices = [("", "请选择单位"), *orgs]  # type: ignore[attr-defined]
        self.fields["follows"].choices = [("", "没有"), *batches]  # type: ignore[attr-defined]


class DocumentForm(Form):
    document = plain.CharField(label="批准文件", max_length=120)


class ItemsForm(Form):
    items = plain.MultipleChoiceField(label="划转的事项", widget=plain.CheckboxSelectMultiple)

    def __init__(self, *args: Any, items: Any = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["items"].choices = list(items)  # type: ignore[attr-defined]


class StaffForm(Form):
    count = plain.IntegerField(label="转隶人数", min_value=0, max_value=1000)
    document = plain.CharField(label="文件", max_length=120)


class SealForm(Form):
    name = plain.CharField(label="印章名称", max_length=80)
    made_on = _day("刻制日期")


class MemoForm(Form):
    duties = plain.CharField(label="责任划分", widget=plain.Textarea, help_text="审批由谁负责，监管由谁负责。")
    archives = plain.CharField(label="档案交接", widget=plain.Textarea)
    seals = plain.CharField(label="印章交接", widget=plain.Textarea)
    running = plain.ChoiceField(label="在办件由谁办", choices=TransferBatch.Running.choices)
    hand_over_on = _day("交接日期")
    transition_until = _day("过渡期到")


class SignForm(Form):
    signed_from = plain.CharField(label="原部门签署人", max_length=50)
    signed_to = plain.CharField(label="审批局签署人", max_length=50)
    signed_on = _day("签署日期")


@sees
@require_http_methods(["GET", "POST"])
def transfers(request: HttpRequest) -> HttpResponse:
    """Batches one may see; the bureau opens the next."""
    by = actor_of(request)
    some, page = paged(
        request,
        TransferBatch.objects.visible_to(by).select_related("from_org", "to_org").order_by("-created_at", "-pk"),
        unit="批",
    )
    deeds = []
    if by.has_role("service_admin"):
        orgs = [
            (str(o.pk), o.short_name)
            for o in Org.objects.within(by.region_prefix)
            .exclude(kind__in=["village", "township"])
            .order_by("order", "code")
        ]

        def make(said: Mapping[str, Any]) -> HttpResponse:
            if said["from_org"] == said["to_org"]:
                raise Refused("原部门和审批局应当是两个单位。")
            made = actions.open_batch(
                name=said["name"], from_org=UUID(said["from_org"]), to_org=UUID(said["to_org"]),
                follows=UUID(said["follows"]) if said["follows"] else None, by=by, at=clock.now(),
            )  # fmt: skip
            return redirect("transfer", pk=made.pk)

        known = [(str(b.pk), b.name) for b in some]
        deeds = [Deed("open", "开始新的一批", "开始", make, partial(BatchForm, orgs=orgs, batches=known))]
    done = turn(request, deeds)
    if done.response:
        return done.response
    body = [
        (
            Cell(b.name, url=reverse("transfer", args=[b.pk])), f"{b.from_org.short_name} → {b.to_org.short_name}",
            Cell(lamp=_lamp(b)), b.memo_number or "—", str(b.hand_over_on or "—"),
        )
        for b in some
    ]  # fmt: skip
    table = Table(
        "批次", ["批次", "划转", "进度", "备忘录", "交接日期"], body, "还没有划转的批次。", caption_hidden=True
    )
    return show(
        request,
        Register("许可权划转", ("相对集中行政许可权：事项、人员、印章划转到审批局，签署备忘录以后交接；交接起原编码停用，监管责任留在原部门。",),
                 buttons=[Link("审管联动", reverse("transfer-pushes"))], sections=[Section("", table, page=page)]),
        done,
    )  # fmt: skip


def _lamp(b: TransferBatch) -> Lamp:
    tone = "green" if b.state == "stable" else "blue" if b.handed_over_at else "amber"
    return Lamp(tone, b.get_state_display())


def _deeds(b: TransferBatch, by: Actor) -> list[Deed]:
    """The next steps of a batch, each as a form."""
    at, key = clock.now(), {"batch_id": b.pk}

    def step(name: str, said: Mapping[str, Any]) -> str:
        getattr(actions, name)(**key, **said, by=by, at=at)
        return "已办理。"

    def fix(said: Mapping[str, Any]) -> str:
        actions.fix_items(batch_id=b.pk, items=[UUID(pk) for pk in said["items"]], by=by, at=at)
        return f"已确定 {len(said['items'])} 个事项。"

    own = ImplementationItem.objects.published().filter(org_id=b.from_org_id).order_by("name", "pk")
    items = partial(ItemsForm, items=[(str(i.pk), i.name) for i in own]) if b.state == "pilot_approved" else ItemsForm
    memo = {
        name: getattr(b, name)
        for name in ("duties", "archives", "seals", "running", "hand_over_on", "transition_until")
    }
    known = {
        "approve_pilot": (DocumentForm, {}), "fix_items": (items, {}), "transfer_staff": (StaffForm, {}),
        "make_seal": (SealForm, {}), "prepare_memo": (MemoForm, memo), "sign_memo": (SignForm, {}),
    }  # fmt: skip
    notes = {
        "hand_over": "交接以后，原编码立即停用，事项以新编码由审批局受理；任何一个事项不能划转，就全部不交接。",
        "sign_memo": "签署以后备忘录编号定稿，不能再改。",
    }
    found = []
    for choice in TRANSFER_FLOW.choices(b, by=by, at=at):
        form, initial = known.get(choice.name, (None, {}))
        act = fix if choice.name == "fix_items" else partial(step, choice.name)
        note = choice.refusal or notes.get(choice.name, "")
        found.append(
            Deed(
                choice.name,
                choice.label,
                choice.label,
                act,
                form,
                note,
                initial,
                fold=choice.name == "prepare_memo" and b.state == "memo_ready",
            )
        )
    return found


@sees
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One batch: where it stands, its items with both codes, running cases, the next step."""
    by = actor_of(request)
    b = TransferBatch.objects.visible_to(by).filter(pk=pk).select_related("from_org", "to_org", "follows").first()
    if b is None:
        raise Http404("没有找到这一批，或者它与您的单位无关。")
    done = turn(request, _deeds(b, by))
    if done.response:
        return done.response
    lines = list(b.lines.select_related("item", "new_item").order_by("old_code"))
    old = Case.objects.filter(item__in=[x.item_id for x in lines])
    running = old.filter(state__in=OPEN).count()
    late = old.filter(submitted_at__gt=b.handed_over_at).count() if b.handed_over_at else 0
    facts = [
        ("进度", b.get_state_display()), ("原部门", b.from_org.name), ("审批局", b.to_org.name),
        ("试点批准", b.pilot_document or "—"), ("人员转隶", f"{b.staff_count} 人，{b.staff_document}" if b.staff_count is not None else "—"),
        ("审批专用章", f"{b.seal_name}，{b.seal_made_on}" if b.seal_name else "—"), ("责任划分", b.duties or "—"), ("档案交接", b.archives or "—"),
        ("印章交接", b.seals or "—"), ("在办件", b.get_running_display() if b.running else "—"),
        ("交接日期", b.hand_over_on or "—"), ("过渡期到", b.transition_until or "—"), ("备忘录", b.memo_number or "还没有签署"),
    ]  # fmt: skip
    if b.follows:
        facts.insert(1, ("接在", b.follows.name))
    stats = []
    if b.handed_over_at:
        stats = [
            Figure(
                "交接后按旧编码的新申请",
                late,
                "#main",
                tone="red" if late else "green",
                note="应当为 0（不得双头审批）",
            ),
            Figure("旧编码的在办件", running, "#main", note=b.get_running_display()),
        ]
    body = [
        (x.item.name, Cell(x.old_code, note="已停用" if x.new_item else "在用"), Cell(x.new_code or "—", url=f"/items/{x.new_code}/" if x.new_item else ""), str(x.cases_moved))
        for x in lines
    ]  # fmt: skip
    made = [
        (Cell(p.title, url=reverse("paper-pdf", args=[p.pk])), p.number, str(clock.local_day(p.issued_at)))
        for p in papers.papers_of(("oversight.TransferBatch", str(b.pk)))
    ]
    told = [
        (str(clock.local_day(e.at)), TRANSFER_FLOW.moves[e.move].label if e.move in TRANSFER_FLOW.moves else "开始", e.actor_name, e.note or "—")
        for e in journal.timeline(b)
    ]  # fmt: skip
    sections = [
        Section(
            "划转的事项",
            Table(
                "划转的事项",
                ["事项", "原编码", "新编码", NUMBER("转给审批局的在办件")],
                body,
                "还没有确定事项。",
                caption_hidden=True,
            ),
        ),
        Section("经过", Table("经过", ["日期", "步骤", "办理人", "说明"], told, caption_hidden=True)),
    ]
    if made:
        sections.insert(1, Section("文书", Table("文书", ["文书", "编号", "日期"], made, caption_hidden=True)))
    return show(
        request, Register(b.name, crumbs=[HOME], facts=facts, stats=stats, sections=sections, act_first=True), done
    )


@sees
@require_http_methods(["GET", "POST"])
def pushes(request: HttpRequest) -> HttpResponse:
    """审管联动: decisions the approval bureau made about what was handed over, for the department that supervises."""
    by = actor_of(request)
    chosen = DecisionPush.objects.filter(batch__in=TransferBatch.objects.visible_to(by).order_by().values("pk"))
    some, page = paged(request, chosen.select_related("case__org", "org", "batch").order_by("-pushed_at", "-pk"))
    waiting = [p.pk for p in some if p.taken_at is None and p.org_id == by.org_id]
    deeds = []
    if waiting:

        def take(said: Mapping[str, Any]) -> str:
            return f"已签收 {actions.take_note(push_ids=waiting, by=by, at=clock.now())} 件。"

        deeds = [Deed("take", "签收", f"签收本页 {len(waiting)} 件", take)]
    done = turn(request, deeds)
    if done.response:
        return done.response
    body = [
        (
            Cell(p.case.title, note=p.case.number or ""), p.case.org.short_name, DECISIONS.get(p.decision, p.decision), p.org.short_name,
            str(clock.local_day(p.pushed_at)), Cell(lamp=Lamp("green", "已签收") if p.taken_at else Lamp("amber", "待签收"), note=p.taken_by),
        )
        for p in some
    ]  # fmt: skip
    table = Table(
        "审管联动",
        ["办件", "审批单位", "决定", "监管单位", "推送", "签收"],
        body,
        "还没有推送的决定。",
        caption_hidden=True,
    )
    intro = "审批局对划转事项作出的每一个决定，都推送给负责监管的原部门。"
    return show(request, Register("审管联动", (intro,), [HOME], sections=[Section("", table, page=page)]), done)


def _sees_memo(actor: Actor, subject_id: str) -> bool:
    """The memo is for the bureau and both sides."""
    return TransferBatch.objects.visible_to(actor).filter(pk=subject_id).exists()


papers.viewers.register("oversight.TransferBatch", _sees_memo)
