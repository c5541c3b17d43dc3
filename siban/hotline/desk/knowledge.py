"""知识库 on the desk: the list, one article with its versions, writing it, and what is done with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from siban.identity.api import Org
from siban.identity.gate import staff_required
from siban.kernel import clock
from siban.kernel.actor import Actor
from siban.kernel.flow import Refused
from siban.kernel.models import JournalEntry
from siban.kernel.ui.forms import DateInput, Form
from siban.kernel.ui.parts import Cell, Column, Entry, Lamp, Table
from siban.kernel.ui.register import Deed, paged, turn
from siban.kernel.web.rowsheets import exported

from .. import access_knowledge as access
from .. import rules_knowledge as rules
from ..actions import knowledge
from ..flow_knowledge import KNOWLEDGE_FLOW, VersionState
from ..models_knowledge import Article, ArticleUse, ArticleVersion
from ..queries import knowledge_lists as lists

AT_LEAST = "至少 4 个字"
USES_SHOWN = 14


class ContentForm(Form):
    """一版内容."""

    title = forms.CharField(label="标题", max_length=100, help_text="写成群众会问的一句话。")
    questions = forms.CharField(
        label="群众的问法",
        widget=forms.Textarea({"rows": 6}),
        required=False,
        help_text="一行一句，不同的说法都写上，检索靠它找到这一条。",
    )
    answer = forms.CharField(
        label="答复",
        widget=forms.Textarea({"rows": 8}),
        required=False,
        help_text="办什么、找谁、带什么、多久办好；金额、日期有公告的，写以哪个公告为准。",
    )
    basis = forms.CharField(label="依据", max_length=300, required=False, help_text="法规、文件的名称和文号。")
    is_basis_confirmed = forms.BooleanField(label="依据已经逐条核实", required=False)
    valid_from = forms.DateField(label="生效日期", widget=DateInput())
    valid_to = forms.DateField(
        label="失效日期", widget=DateInput(), required=False, help_text="长期有效的不填。到期以后不再用来答复。"
    )


class NewForm(ContentForm):
    """一条新的条目."""

    owner = forms.ChoiceField(label="归属单位")
    leaf = forms.ChoiceField(label="类别")
    cycle = forms.IntegerField(label="复核周期（天）", min_value=1, max_value=rules.LONGEST_CYCLE, initial=180)
    field_order = (
        "owner",
        "leaf",
        "title",
        "questions",
        "answer",
        "basis",
        "is_basis_confirmed",
        "valid_from",
        "valid_to",
        "cycle",
    )

    def __init__(self, *args: Any, owners: Any, leaves: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]
        self.fields["leaf"].choices = [("", "请选择类别"), *leaves]  # type: ignore[attr-defined]


class WordsForm(Form):
    """一句说明."""

    words = forms.CharField(label="理由", max_length=300, widget=forms.Textarea({"rows": 3}), help_text=AT_LEAST)


@require_GET
@never_cache
@staff_required(*access.DESK)
def index(request: HttpRequest) -> HttpResponse:
    """The articles of a unit, or of the territory."""
    actor, today = request.actor, clock.local_day(clock.now())  # type: ignore[attr-defined]
    asked = lists.wanted(request.GET)
    rows, page = paged(request, lists.chosen(actor, asked, today=today))
    context = {
        "table": lists.table(rows, asked, lists.leaf_names(actor.region_code), today=today), "page": page, "asked": asked,
        "tabs": lists.tabs(actor, asked, today=today), "query": asked.address(), "clear": reverse("knowledge") + f"?tab={asked.tab}",
        "units": (("", "全部单位"), *lists.owners_for(actor)) if access.sees_territory(actor) else (),
        "tops": (("", "全部大类"), *lists.tops_for(actor.region_code, on=today)), "may_write": access.may_write(actor),
        "may_hear": access.hears_questions(actor),
    }  # fmt: skip
    return render(request, "hotline/knowledge.html", context)


@require_GET
@staff_required(*access.DESK)
def export(request: HttpRequest) -> Any:
    """The list as it is filtered."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    today = clock.local_day(clock.now())
    return exported("知识库条目", lists.HEADS, lists.export_rows(actor, lists.wanted(request.GET), today=today))


def _find(actor: Actor, number: str) -> Article:
    article = Article.objects.visible_to(actor).select_related("owner").filter(number=number).first()
    if article is None:
        raise Http404
    return article


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.DESK)
def article(request: HttpRequest, number: str) -> HttpResponse:
    """One article: what is in force, what is being written, its versions and uses, and what may be done."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = _find(actor, number)
    versions = list(found.versions.order_by("-version"))
    for version in versions:
        version.article = found
    done = turn(request, [deed for version in versions[:3] for deed in _deeds(version, actor, at)])
    if done.response:
        return done.response
    now = next((v for v in versions if v.state == VersionState.PUBLISHED), None)
    writing = next((v for v in versions if v.state in rules.BEING_WRITTEN), None)
    shown, today = writing if now is None and writing else now or versions[0], clock.local_day(at)
    context = {
        "article": found, "shown": shown, "now": now, "writing": writing if now else None, "lamp": Lamp(lists.TONES[VersionState(shown.state)], shown.state_label),
        "leaf": lists.leaf_names(found.region_id).get(found.leaf, found.leaf), "review": lists.review(shown, today),
        "refused_choices": _refused(versions[:3], actor, at), "cards": done.cards, "refusals": list(done.refusals),
        "may_rewrite": writing is None and access.author(actor, shown), "may_edit": writing is not None and writing.state == "draft" and access.author(actor, writing),
        "changes": [(c.label, rules.marked(c.before, c.after)) for c in rules.differences(now, writing)] if now and writing else [],
        "crumbs": [("知识库", reverse("knowledge"))], "versions": _versions(versions), "uses": _uses(found), "timeline": _timeline(versions),
    }  # fmt: skip
    return render(request, "hotline/knowledge_article.html", context, status=422 if done.refusals else 200)


def _deeds(version: ArticleVersion, by: Actor, at: datetime) -> list[Deed]:
    """What this person may do with this version now."""
    offered = {c.name for c in KNOWLEDGE_FLOW.choices(version, by=by, at=at) if c.allowed}
    about: dict[str, Any] = {"by": by, "at": at, "version_id": version.pk}

    def press(name: str, label: str, call: Any, said: str, note: str = "") -> Deed:
        return Deed(name, label, label, lambda _: call(**about) and said, None, note)

    def reason(name: str, label: str, call: Any, said: str, note: str, *, danger: bool = False) -> Deed:
        return Deed(
            name, label, label, lambda g: call(words=g["words"], **about) and said, WordsForm, note, danger=danger
        )

    deeds = [
        press("submit", "提交发布", knowledge.submit, "已经提交，热线派单员核对以后发布。"),
        press("publish", "发布", knowledge.publish, "已经发布，从现在起用来答复。", f"核对第 {version.version} 版的答复、依据和有效期以后发布；原来的一版同时停用。"),
        press("confirm_review", "确认复核", knowledge.confirm_review, "复核已经登记。", "重新核对过，内容没有变化的，确认复核；有变化的，写新的一版。"),
        reason("send_back", "退回修改", knowledge.send_back, "已经退回。", "写明哪里不对、应当怎样改。"),
        press("discard", "放弃这份草稿", knowledge.discard, "草稿已经放弃，留在版本记录里。"),
        reason("withdraw", "撤回条目", knowledge.withdraw, "已经撤回，不再用来答复。", "口径有变、内容有误的，先撤回，再写新的一版。", danger=True),
    ]  # fmt: skip
    return [deed for deed in deeds if deed.do in offered]


def _refused(versions: list[ArticleVersion], by: Actor, at: datetime) -> list[tuple[str, str]]:
    """Steps that are this person's but not possible now, with the sentence."""
    return [
        (c.label, c.refusal)
        for v in versions
        for c in KNOWLEDGE_FLOW.choices(v, by=by, at=at)
        if c.refusal and c.name not in ("supersede", "revise")
    ]


def _versions(versions: list[ArticleVersion]) -> Table:
    rows = [
        (
            f"第 {v.version} 版", Cell(lamp=Lamp(lists.TONES[VersionState(v.state)], v.state_label), note=v.reason), v.period, v.written_by,
            Cell("看改了什么", url=reverse("knowledge-version", args=[v.article.number, v.version])),
        )
        for v in versions
    ]  # fmt: skip
    return Table("版本", ["版本", "状态", "有效期", "编写人", Column("内容", nowrap=True)], rows, caption_hidden=True)


def _uses(found: Article) -> Table:
    days = ArticleUse.objects.filter(article=found).order_by("-day")[:USES_SHOWN]
    rows = [(str(d.day), str(d.times), str(d.helped), str(d.not_helped)) for d in days]
    heads = ["日期", Column("使用", numeric=True), Column("有帮助", numeric=True), Column("没帮助", numeric=True)]
    return Table(f"最近使用（累计 {found.uses} 次）", heads, rows, "还没有用来答复过。", caption_hidden=True)


def _timeline(versions: list[ArticleVersion]) -> list[Entry]:
    labels = {name: move.label for name, move in KNOWLEDGE_FLOW.moves.items()} | {"create": "新建草稿"}
    number = {str(v.pk): v.version for v in versions}
    rows = JournalEntry.objects.filter(subject_type="hotline.ArticleVersion", subject_id__in=number).order_by(
        "-at", "-pk"
    )
    return [
        Entry(
            at=r.at,
            who=r.actor_name,
            what=f"{labels.get(r.move, r.move)}（第 {number[r.subject_id]} 版）",
            note=r.note,
        )
        for r in rows[:40]
    ]


@require_GET
@never_cache
@staff_required(*access.DESK)
def version(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """One version in full, and what it changed against the one before."""
    actor: Any = request.actor  # type: ignore[attr-defined]
    found = _find(actor, number)
    here = found.versions.filter(version=version).first()
    if here is None:
        raise Http404
    before = (
        found.versions.filter(version__lt=version).exclude(state=VersionState.DISCARDED).order_by("-version").first()
    )
    context = {
        "article": found, "here": here, "before": before, "lamp": Lamp(lists.TONES[VersionState(here.state)], here.state_label),
        "changes": [(c.label, rules.marked(c.before, c.after)) for c in rules.differences(before, here)] if before else [],
        "crumbs": [("知识库", reverse("knowledge")), (found.number, reverse("knowledge-article", args=[number]))],
    }  # fmt: skip
    return render(request, "hotline/knowledge_version.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.DESK)
def new(request: HttpRequest) -> HttpResponse:
    """Begin an article."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    if not access.may_write(actor):
        raise PermissionDenied(access.may_write.__doc__)
    owners = [
        (pk, name) for pk, name in lists.units_for(actor) if access.may_publish(actor) or pk == str(actor.org_id)
    ]
    about = {"owners": owners, "leaves": lists.leaves_for(actor.region_code, on=clock.local_day(at))}
    start = {"owner": str(actor.org_id), "valid_from": clock.local_day(at)}
    form = NewForm(request.POST, **about) if request.method == "POST" else NewForm(initial=start, **about)
    said = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = knowledge.write(
                by=actor, at=at, owner=Org.objects.get(pk=given["owner"]), leaf=given["leaf"], cycle=given["cycle"],
                content=knowledge.content_of(given),
            )  # fmt: skip
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, "草稿已经保存。核对以后提交发布。")
            return redirect("knowledge-article", number=made.article.number)
    return _form(request, form, "写新条目", said=said, back=reverse("knowledge"))


@require_POST
@staff_required(*access.DESK)
def rewrite(request: HttpRequest, number: str) -> HttpResponse:
    """A new version out of the latest; what is in force stays until it is published."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = _find(actor, number)
    try:
        knowledge.rewrite(by=actor, at=at, article_id=found.pk)
    except Refused as why:
        raise PermissionDenied(str(why)) from None
    return redirect("knowledge-edit", number=number)


@require_http_methods(["GET", "POST"])
@never_cache
@staff_required(*access.DESK)
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Write on a draft; every word stays when something is refused."""
    actor, at = request.actor, clock.now()  # type: ignore[attr-defined]
    found = _find(actor, number)
    draft = found.versions.filter(state=VersionState.DRAFT).select_related("article").first()
    if draft is None:
        messages.info(request, "现在没有草稿。要修改的，请写新的一版。")
        return redirect("knowledge-article", number=number)
    if not access.author(actor, draft):
        raise PermissionDenied(access.author.__doc__)
    start: Mapping[str, Any] = {name: getattr(draft, name) for name in rules.FIELDS} | {
        "questions": "\n".join(draft.questions)
    }
    form = ContentForm(request.POST) if request.method == "POST" else ContentForm(initial=start)
    said = ""
    if request.method == "POST" and form.is_valid():
        try:
            knowledge.revise(by=actor, at=at, version_id=draft.pk, content=knowledge.content_of(form.cleaned_data))
        except Refused as why:
            said = str(why)
        else:
            messages.success(request, "草稿已经保存。")
            return redirect("knowledge-article", number=number)
    back = reverse("knowledge-article", args=[number])
    return _form(request, form, f"修改第 {draft.version} 版", said=said, back=back, note=draft.reason)


def _form(request: HttpRequest, form: Form, title: str, *, said: str, back: str, note: str = "") -> HttpResponse:
    errors = [(str(text), f"#id_{name}") for name, texts in form.errors.items() for text in texts]
    context = {
        "form": form, "title": title, "said": said, "back": back, "errors": errors, "note": note,
        "crumbs": [("知识库", reverse("knowledge"))],
    }  # fmt: skip
    return render(request, "hotline/knowledge_edit.html", context, status=422 if said or errors else 200)


def uuids(said: list[str]) -> list[UUID]:
    """The keys among what was sent."""
    return [key for text in said[:500] if (key := lists.key(text))]
