"""Somebody else's directive, task, evidence and return, for the table of rights."""

from datetime import datetime, timedelta
from typing import Any

from siban.kernel.clock import local_day
from siban.oversight.actions import collecting, directing, watching, working
from siban.oversight.drafts import DirectiveDraft, ProblemDraft
from siban.oversight.models import Treatment
from siban.oversight.rules_collections import Field
from siban.oversight.rules_supervision import Target
from tests.oversight.supervised import picture


def keys_of_supervision(cast: Any, *, at: datetime) -> dict[str, str]:
    """Keys of a task and a return of the department, none of them concerning its neighbours."""
    due, unit = local_day(at) + timedelta(days=5), cast.orgs["department"]
    problem = ProblemDraft("演示问题", "", "逐项整改到位", due, (Target(document="整改清单"),), (unit.pk,))
    row = directing.begin(by=cast.administrator, at=at)
    draft = DirectiveDraft("演示督〔2026〕1号", "演示督查通知", local_day(at), (), 3, 2, (problem,))
    directing.save(directive_id=row.pk, draft=draft, by=cast.administrator, at=at)
    task = directing.issue(directive_id=row.pk, by=cast.administrator, at=at).tasks.get()
    working.acknowledge(task_id=task.pk, by=cast.head, at=at)
    evidence = working.attach(task_id=task.pk, content=picture(), name="演示.png", by=cast.head, at=at)
    late = at + timedelta(days=9)
    watching.pass_days(at=late)
    watching.propose_treatments(at=late)
    asked = collecting.begin(by=cast.administrator, at=at)
    wanted = collecting.CollectionDraft(
        "演示报送", due_on=due, fields=(Field("f1", "数量", "number"),), units=(unit.pk,)
    )
    collecting.save(collection_id=asked.pk, draft=wanted, by=cast.administrator, at=at)
    collecting.send_out(collection_id=asked.pk, by=cast.administrator, at=at)
    submission = asked.submissions.get()
    return {
        "directives": str(row.pk), "tasks": str(task.pk), "evidence_row": str(evidence.pk), "treatment": str(Treatment.objects.get().pk),
        "collections": str(asked.pk), "submissions": str(submission.pk), "submissions_file": str(evidence.file_id),
        "directives_move": "withdraw", "tasks_move": "note_progress", "collections_move": "close",
    }  # fmt: skip
