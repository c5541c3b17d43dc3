"""The life of one version of an article. Diagram: docs/flows/hotline_knowledge.md."""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices

from siban.kernel.actor import Actor
from siban.kernel.clock import local_day
from siban.kernel.flow import STAYS, Deadline, Machine, Move

from . import access_knowledge as access
from . import rules_knowledge as rules
from .rules_knowledge import B53


class VersionState(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待发布"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被新版替代"
    EXPIRED = "expired", "已过期"
    WITHDRAWN = "withdrawn", "已撤回"
    DISCARDED = "discarded", "已放弃"


S = VersionState


def is_complete(version: Any, at: datetime) -> str | None:
    """Everything an answer needs is written."""
    found = rules.faults({name: getattr(version, name) for name in rules.FIELDS})
    return "".join(found) or None


def is_not_over(version: Any, at: datetime) -> str | None:
    """What is published still holds."""
    if version.valid_to is not None and version.valid_to < local_day(at):
        return f"有效期到 {version.valid_to:%Y-%m-%d} 为止，已经过去。请退回，改好有效期再发布。"
    return None


def is_over(version: Any, at: datetime) -> str | None:
    """The last day has passed."""
    return None if version.valid_to is not None and version.valid_to < local_day(at) else "有效期还没有过。"


def not_the_writer(actor: Actor, version: Any, at: datetime) -> str | None:
    """Who wrote a version does not publish it."""
    if not actor.is_system and actor.id is not None and actor.id == version.written_by_id:
        return "这一版是您本人写的，应由另一个人核对以后发布。"
    return None


MOVES = (
    Move("revise", "修改", (S.DRAFT,), STAYS, access.author, B53),
    Move("submit", "提交", (S.DRAFT,), S.SUBMITTED, access.author, B53, needs=(is_complete,)),
    Move("send_back", "退回修改", (S.SUBMITTED,), S.DRAFT, access.publisher, B53),
    Move(
        "publish", "发布", (S.SUBMITTED,), S.PUBLISHED, access.publisher, B53, needs=(is_complete, is_not_over),
        bars=(not_the_writer,),
    ),
    Move("confirm_review", "确认复核", (S.PUBLISHED,), STAYS, access.author, B53),
    Move("supersede", "由新版替代", (S.PUBLISHED,), S.SUPERSEDED, access.publisher, B53),
    Move("withdraw", "撤回", (S.PUBLISHED,), S.WITHDRAWN, access.author, B53),
    Move("expire", "有效期届满", (S.PUBLISHED,), S.EXPIRED, access.system, B53, needs=(is_over,), deemed=True),
    Move("discard", "放弃", (S.DRAFT,), S.DISCARDED, access.author, B53),
)  # fmt: skip

KNOWLEDGE_FLOW = Machine(
    name="hotline_knowledge",
    title="12345 知识库条目",
    model="hotline.ArticleVersion",
    states=VersionState,
    start=S.DRAFT,
    ends={S.SUPERSEDED, S.EXPIRED, S.WITHDRAWN, S.DISCARDED},
    owners={S.DRAFT: "归属单位", S.SUBMITTED: "热线派单员", S.PUBLISHED: "归属单位（按周期复核）"},
    moves=MOVES,
    deadlines=(
        Deadline("validity", "有效期", (S.PUBLISHED,), B53, leads_to="expire"),
        Deadline("review", "复核", (S.PUBLISHED,), B53, otherwise="提醒归属单位复核，列入过期清单"),
    ),
)
