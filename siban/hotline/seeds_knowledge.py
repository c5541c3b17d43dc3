"""The articles that ship, put in force through the actions with a fixed clock: written, published, reviewed, expired."""

from datetime import date, datetime, time
from typing import Any

import yaml
from django.db import transaction

from siban.identity.api import Org
from siban.kernel.actor import Actor
from siban.kernel.clock import CHINA

from . import rules
from .actions import knowledge
from .models_knowledge import Article

OFFICE_HOUR = time(10)


@transaction.atomic
def build(*, by: Actor, at: datetime) -> int:
    """Load what is not there yet. Returns how many articles were added."""
    said = yaml.safe_load((rules.REFERENCE / "knowledge.yaml").read_text(encoding="utf-8"))["articles"]
    owners = {org.code: org for org in Org.objects.filter(code__in={a["owner_unit"] for a in said})}
    known = set(Article.objects.values_list("number", flat=True))
    added = 0
    for a in said:
        if a["id"] in known or a["owner_unit"] not in owners:
            continue
        _article(a, owners[a["owner_unit"]], by=by, now=at)
        added += 1
    knowledge.expire(at=at)
    return added


def _article(a: dict[str, Any], owner: Org, *, by: Actor, now: datetime) -> None:
    begins, reviewed = date.fromisoformat(a["valid_from"]), date.fromisoformat(a["last_reviewed"])
    ends = date.fromisoformat(a["valid_to"]) if a["valid_to"] else None
    at = min(_morning(begins), now)
    content = knowledge.Content(
        title=a["title"], questions=a["questions"], answer=a["answer"], basis=a["basis"], valid_from=begins, valid_to=ends,
        is_basis_confirmed=a["basis_confidence"] == "national_law",
    )  # fmt: skip
    draft = knowledge.write(
        by=by, at=at, owner=owner, leaf=a["leaf"], content=content, cycle=a["review_cycle_days"], number=a["id"]
    )
    knowledge.submit(by=by, at=at, version_id=draft.pk)
    knowledge.publish(by=by, at=at, version_id=draft.pk)
    if at < _morning(reviewed) <= now:
        knowledge.confirm_review(by=by, at=_morning(reviewed), version_id=draft.pk)


def _morning(day: date) -> datetime:
    return datetime.combine(day, OFFICE_HOUR, CHINA)
