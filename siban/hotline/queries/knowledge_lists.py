"""Articles as the desk lists them: narrowed, sorted, what is stale by unit, what was asked in vain."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.clock import local
from siban.kernel.ui.parts import Cell, Column, Lamp, Tab, Table

from .. import rules_knowledge as rules
from ..asking import features
from ..flow_knowledge import VersionState
from ..models_categories import Category
from ..models_knowledge import Article, ArticleVersion, Question

S = VersionState
TABS = (
    ("valid", "有效"), ("overdue", "应复核"), ("submitted", "待发布"), ("draft", "草稿"), ("expired", "已过期"), ("ended", "撤回、放弃"),
    ("all", "全部"),
)  # fmt: skip
SORTS = {
    "number": ("article__number", "-version"), "title": ("title", "article__number"), "unit": ("article__owner__order", "article__number"),
    "review": ("article__review_by", "article__number"), "uses": ("-article__uses", "article__number"),
}  # fmt: skip
HEADS = (
    "编号", "标题", "归属单位", "类别", "状态", "版本", "生效日期", "失效日期", "最近复核", "应复核日期", "使用次数", "依据", "依据已核实", "群众的问法", "答复",
)  # fmt: skip
TONES = {S.DRAFT: "grey", S.SUBMITTED: "amber", S.PUBLISHED: "green", S.EXPIRED: "red", S.WITHDRAWN: "grey", S.DISCARDED: "grey", S.SUPERSEDED: "grey"}  # fmt: skip
MOST_QUESTIONS = 1000
GAP_DAYS = 90


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to, as the address says it."""

    tab: str = "valid"
    q: str = ""
    unit: UUID | None = None
    leaf: str = ""
    sort: str = "number"

    def address(self, **changed: Any) -> str:
        """The query of the same list with something changed."""
        said = {"tab": self.tab, "q": self.q, "unit": self.unit, "leaf": self.leaf, "sort": self.sort}
        plain = {"tab": "valid", "sort": "number"}
        return "?" + urlencode({k: v for k, v in {**said, **changed}.items() if v and plain.get(k) != v})


def wanted(said: Mapping[str, str]) -> Wanted:
    """The filter out of an address; what means nothing is left out."""
    leaf = said.get("leaf", "")
    return Wanted(
        said.get("tab", "") if said.get("tab", "") in dict(TABS) else "valid",
        " ".join(said.get("q", "").replace("\x00", "").split())[:100], key(said.get("unit", "")),
        leaf if leaf.isascii() and leaf.isdecimal() and len(leaf) in (2, 6) else "",
        said.get("sort", "") if said.get("sort", "") in SORTS else "number",
    )  # fmt: skip


def key(said: str) -> UUID | None:
    try:
        return UUID(said) if said else None
    except ValueError:
        return None


def _tab(tab: str, today: date) -> Q:
    match tab:
        case "valid":
            return Q(state=S.PUBLISHED)
        case "overdue":
            return Q(state=S.PUBLISHED, article__review_by__lt=today)
        case "submitted" | "draft" | "expired":
            return Q(state=tab)
        case "ended":
            return Q(state__in=(S.WITHDRAWN, S.DISCARDED))
    return ~Q(state=S.SUPERSEDED)


def _narrowed(actor: Actor, asked: Wanted) -> "QuerySet[ArticleVersion]":
    rows = ArticleVersion.objects.visible_to(actor)
    if asked.unit:
        rows = rows.filter(article__owner_id=asked.unit)
    if asked.leaf:
        rows = rows.filter(article__leaf__startswith=asked.leaf)
    for word in asked.q.split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(answer__icontains=word) | Q(questions__icontains=word) | Q(article__number__iexact=word)
        )  # fmt: skip
    return rows


def chosen(actor: Actor, asked: Wanted, *, today: date) -> "QuerySet[ArticleVersion]":
    """The rows of the list in its order."""
    rows = _narrowed(actor, asked).filter(_tab(asked.tab, today)).select_related("article__owner")
    return rows.order_by(*SORTS[asked.sort], "pk")


def tabs(actor: Actor, asked: Wanted, *, today: date) -> list[Tab]:
    """The tabs with their counts, in one statement."""
    counts = _narrowed(actor, asked).aggregate(**{name: Count("pk", filter=_tab(name, today)) for name, _ in TABS})
    return [Tab(label, asked.address(tab=name), name == asked.tab, counts[name]) for name, label in TABS]


def table(rows: Sequence[ArticleVersion], asked: Wanted, names: Mapping[str, str], *, today: date) -> Table:
    """The rows as people read them."""
    heads: list[Column | str] = [
        _sorting("条目", "number", asked), _sorting("归属单位", "unit", asked), "状态", _sorting("应复核", "review", asked),
        _sorting("使用", "uses", asked, numeric=True),
    ]  # fmt: skip
    body = [
        (
            Cell(row.title, url=reverse("knowledge-article", args=[row.article.number]), note=f"{row.article.number}　{names.get(row.article.leaf, row.article.leaf)}　第 {row.version} 版"),
            row.article.owner.short_name, Cell(lamp=Lamp(TONES[S(row.state)], row.state_label), note=row.period), review(row, today), str(row.article.uses),
        )
        for row in rows
    ]  # fmt: skip
    return Table("知识库条目", heads, body, "没有符合条件的条目。", "换一个条件再看。", caption_hidden=True)


def review(row: ArticleVersion, today: date) -> Cell:
    """When an article is due to be looked at again."""
    due = row.article.review_by
    if row.state != S.PUBLISHED or due is None:
        return Cell("—")
    if due < today:
        return Cell(lamp=Lamp("red", f"超期 {(today - due).days} 天"), note=f"应在 {due} 前")
    return Cell(lamp=Lamp("amber" if (due - today).days <= 14 else "green", f"{due} 前"))


def _sorting(label: str, sort: str, asked: Wanted, *, numeric: bool = False) -> Column:
    if asked.sort == sort:
        return Column(label, numeric=numeric, sorted="descending" if sort == "uses" else "ascending", nowrap=True)
    return Column(label, numeric=numeric, sort_url=asked.address(sort=sort), nowrap=True)


def export_rows(actor: Actor, asked: Wanted, *, today: date) -> Iterator[Sequence[object]]:
    """The list as it is filtered, row by row."""
    names = leaf_names(actor.region_code)
    for row in chosen(actor, asked, today=today).iterator(chunk_size=500):
        a = row.article
        yield (
            a.number, row.title, a.owner.short_name, names.get(a.leaf, a.leaf), row.state_label, row.version, row.valid_from,
            row.valid_to or "长期有效", a.last_reviewed_on or "", a.review_by or "", a.uses, row.basis,
            "是" if row.is_basis_confirmed else "否", "；".join(row.questions), row.answer,
        )  # fmt: skip


def leaf_names(region: str) -> dict[str, str]:
    """The names of categories, the newest row of each."""
    rows = Category.objects.filter(region_id=f"{region[:6]}000000").order_by("code", "valid_from")
    return {code: f"{top}·{name}" for code, top, name in rows.values_list("code", "top_name", "name")}


def leaves_for(region: str, *, on: date) -> list[tuple[str, str]]:
    """Categories in force, to choose from."""
    rows = Category.objects.in_force(on).filter(region_id=f"{region[:6]}000000").order_by("code")
    return [(code, f"{top} · {name}") for code, top, name in rows.values_list("code", "top_name", "name")]


def tops_for(region: str, *, on: date) -> list[tuple[str, str]]:
    """The top categories in force."""
    rows = Category.objects.in_force(on).filter(region_id=f"{region[:6]}000000").order_by("code")
    return list(dict.fromkeys((code[:2], top) for code, top in rows.values_list("code", "top_name")))


def owners_for(actor: Actor) -> list[tuple[str, str]]:
    """Units whose articles one sees."""
    seen = Article.objects.visible_to(actor).order_by().values("owner_id")
    orgs = Org.objects.filter(pk__in=seen).order_by("order", "code")
    return [(str(pk), name) for pk, name in orgs.values_list("pk", "short_name")]


def units_for(actor: Actor) -> list[tuple[str, str]]:
    """Units one may write for: one's own, or all of the territory."""
    orgs = Org.objects.filter(is_active=True, region_id__startswith=actor.region_prefix or "-").order_by(
        "order", "code"
    )
    return [(str(pk), name) for pk, name in orgs.values_list("pk", "short_name")]


@dataclass(frozen=True, slots=True)
class StaleLine:
    """One unit: its published articles, and what is late."""

    org: Org
    published: int
    overdue: int
    expired: int


def stale(actor: Actor, *, today: date) -> list[StaleLine]:
    """Units with articles whose review is overdue, or that ended and were not followed; worst first."""
    rows = (
        ArticleVersion.objects.visible_to(actor)
        .order_by("article__owner_id")
        .values("article__owner_id")
        .annotate(
            published=Count("pk", filter=Q(state=S.PUBLISHED)), overdue=Count("pk", filter=_tab("overdue", today)),
            expired=Count("article_id", filter=_ended(), distinct=True),
        )
    )  # fmt: skip
    found = {r["article__owner_id"]: r for r in rows}
    orgs = Org.objects.filter(pk__in=found).order_by("order", "code")
    lines = [StaleLine(o, found[o.pk]["published"], found[o.pk]["overdue"], found[o.pk]["expired"]) for o in orgs]
    return sorted(lines, key=lambda x: -(x.overdue + x.expired))


def _ended() -> Q:
    """Expired, and no later version is in force or being written."""
    alive = ArticleVersion.objects.filter(state__in=(S.PUBLISHED, *rules.BEING_WRITTEN)).values("article_id")
    return Q(state=S.EXPIRED) & ~Q(article_id__in=alive)


def stale_rows(actor: Actor, *, today: date, unit: UUID | None = None) -> "QuerySet[ArticleVersion]":
    """The stale articles themselves."""
    rows = ArticleVersion.objects.visible_to(actor).filter(_tab("overdue", today) | _ended())
    if unit:
        rows = rows.filter(article__owner_id=unit)
    return rows.select_related("article__owner").order_by("article__owner__order", "article__number", "-version")


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions about one thing that found no answer, or one that did not help."""

    rows: list[Question]
    leaf: str

    @property
    def title(self) -> str:
        return self.rows[0].text

    @property
    def keys(self) -> list[str]:
        return [str(row.pk) for row in self.rows]

    @property
    def left(self) -> list[Question]:
        return [row for row in self.rows if row.is_left]


def gaps(actor: Actor, *, at: datetime) -> list[Gap]:
    """Open questions of the last months put together, the most asked first."""
    since = local(at) - timedelta(days=GAP_DAYS)
    missed = Q(is_answered=False) | Q(is_helpful=False) | Q(is_left=True)
    rows = Question.objects.filter(
        missed, region_id__startswith=actor.region_prefix, settled_at=None, asked_at__gte=since
    )
    groups = rules.grouped((row, _matter(row)) for row in rows.order_by("-asked_at", "-pk")[:MOST_QUESTIONS])
    return [Gap(group, next((row.leaf for row in group if row.leaf), "")) for group in groups]


def _matter(row: Question) -> frozenset[str]:
    known = features.words()["concepts"]
    return frozenset(w for w in row.words if w[1:] in known) or frozenset(row.words)
