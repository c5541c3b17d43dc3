"""The fast lanes say what the plain paths say: same rows, same page, same application."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from siban.cases import actions
from siban.cases.actions import Applicant, MaterialIn
from siban.cases.models import Case
from siban.cases.queries import inbox, inbox_lane
from siban.kernel import journal
from siban.kernel.clock import local_day
from siban.kernel.ids import uuid7
from siban.kernel.models import JournalEntry, OutboxRow, Term
from siban.kernel.ui import shells
from tests import door

from . import cast as standing
from .test_inbox import TODAY, copies

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(cast):
    model = standing.in_state(cast, "in_review")
    copies(model, 70, due=lambda n: None if n % 9 == 0 else TODAY + timedelta(days=n % 7))
    copies(model, 10, org_id=cast.orgs["other"].pk)
    copies(model, 10, state="closed")
    return cast


@pytest.mark.parametrize("who", ["reviewer", "chief", "other_reviewer"])
def test_the_lane_gives_the_rows_of_the_plain_query(busy, who):
    actor, plain = busy.actors[who], inbox.Filter.of({})
    assert inbox_lane.serves(actor, plain)
    wanted = inbox.inbox(actor, plain, today=TODAY)
    on = inbox.COLUMNS.index("submitted_at")
    days = [(*row[:on], local_day(row[on]), *row[on + 1 :]) for row in wanted.rows]
    assert inbox.paged(inbox_lane.rows(actor.org_id), plain) == replace(wanted, rows=days)
    assert inbox.as_html(days, today=TODAY) == inbox.as_html(wanted.rows, today=TODAY)
    text, following = inbox_lane.as_json(actor.org_id)
    assert [r[1] for r in json.loads(text)] == [r[1] for r in wanted.rows]
    assert (plain.query(after=following) if following else "") == wanted.next


@pytest.mark.parametrize(
    "asked", [{"state": "accepted"}, {"lamp": "red"}, {"after": "_x"}, {"sort": "newest"}, {"name": "甲"}]
)
def test_the_lane_serves_only_the_plain_first_page(busy, asked):
    assert not inbox_lane.serves(busy.reviewer, inbox.Filter.of(asked))
    assert not inbox_lane.serves(busy.inspector, inbox.Filter.of({}))
    assert not inbox_lane.serves(busy.citizen, inbox.Filter.of({}))


def test_a_kept_frame_carries_fresh_rows_and_ones_own_token(busy):
    shells._shells.clear()
    client = standing.client_of(busy, "reviewer")
    client.get("/desk/cases/")  # a first page gives the browser its form token
    first = client.get("/desk/cases/").content.decode()
    assert "\x01" not in first
    assert first.count("data-row") == inbox.PAGE
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', first)
    assert token is not None
    urgent = copies(Case.objects.filter(state="in_review").first(), 1, due=lambda n: TODAY - timedelta(days=9))
    assert urgent is None
    again = client.get("/desk/cases/").content.decode()
    newest = Case.objects.order_by("due_on").first()
    assert newest.number in again
    assert newest.number not in first
    other = standing.client_of(busy, "other_reviewer").get("/desk/cases/").content.decode()
    assert not set(re.findall(r"/desk/cases/(\d+)/", other)) & set(re.findall(r"/desk/cases/(\d+)/", again))


@pytest.mark.parametrize("path", ["/desk/cases/", "/desk/cases.json"])
def test_the_lane_answers_what_the_whole_way_answers(busy, settings, path):
    """Known a moment ago, the same person gets the same page with the same headers; nobody else gets anything."""
    client = standing.client_of(busy, "reviewer")
    shells._shells.clear()
    client.get("/desk/cases/")
    whole = client.get(path)
    settings.ACTOR_TRUSTED_SECONDS = 60
    client.get("/desk/cases/")  # now this process knows who it is
    with CaptureQueriesContext(connection) as asked:
        quick = door.get(client, path)
    assert len(asked) == 1
    assert quick.content == whole.content
    assert {k: v for k, v in quick.headers.items() if k != "Vary"} == {
        k: v for k, v in whole.headers.items() if k != "Vary"
    }
    assert door.get(client, path + "?state=accepted").status_code == 200
    client.cookies.clear()
    assert door.get(client, path).status_code in (302, 401)


def test_the_lane_ends_with_the_log_in(busy, settings):
    settings.ACTOR_TRUSTED_SECONDS = 60
    client = standing.client_of(busy, "reviewer")
    assert [door.get(client, "/desk/cases.json").status_code for _ in range(2)] == [200, 200]
    client.post("/logout/")
    assert door.get(client, "/desk/cases.json").status_code == 302


@pytest.mark.parametrize("who", ["citizen", "stranger", "clerk", "inspector"])
def test_the_lane_is_only_for_those_it_names(busy, settings, who):
    settings.ACTOR_TRUSTED_SECONDS = 60
    client = standing.client_of(busy, who)
    whole = client.get("/desk/cases.json")
    quick = [door.get(client, "/desk/cases.json") for _ in range(2)]
    assert [q.status_code for q in quick] == [whole.status_code] * 2
    assert whole.status_code != 200 or [q.content for q in quick] == [whole.content] * 2


def test_a_fault_on_the_lane_is_told_by_the_whole_way(busy, settings, monkeypatch):
    settings.ACTOR_TRUSTED_SECONDS = 60
    client = standing.client_of(busy, "reviewer")
    assert door.get(client, "/desk/cases.json").status_code == 200

    def gone(*_):
        raise OperationalError("connection refused")

    monkeypatch.setattr(inbox_lane, "as_json", gone)
    answer = door.get(client, "/desk/cases.json", HTTP_ACCEPT="application/json")
    assert (answer.status_code, "系统正在恢复" in answer.content.decode()) == (503, True)


def test_an_application_taken_in_at_once_leaves_the_rows_of_one_taken_step_by_step(cast):
    by, at = cast.clerk, standing.MONDAY
    slow = standing.filled(cast, by=by, at=at)
    actions.submit(case_id=slow.pk, by=by, at=at)
    slow = Case.objects.get(pk=slow.pk)
    fast = actions.take_in(
        item=cast.items[standing.SITUATED], applicant=Applicant(person=slow.person), answers=slow.answers, form=slow.form,
        materials=[MaterialIn(m.material_id) for m in slow.materials.order_by("added_at", "id")], token=uuid7(), by=by, at=at,
    )  # fmt: skip
    fast = Case.objects.get(pk=fast.pk)
    own = {"id", "number", "token", "created_at", "saved_at", "used_comprehensive_window"}
    same = [f.attname for f in Case._meta.fields if f.name not in own]
    assert {n: getattr(fast, n) for n in same} == {n: getattr(slow, n) for n in same}

    def told(case):
        moves = list(journal.timeline(case).values_list("move", "source", "target", "law", "actor_id", "channel"))
        heard = sorted(OutboxRow.objects.filter(entry__subject_id=str(case.pk)).values_list("handler", "entry__seq"))
        clocks = list(
            Term.objects.of("cases.Case", case.pk).values_list(
                "kind", "start_on", "length", "unit", "due_on", "provisional"
            )
        )
        return moves, heard, clocks

    assert told(fast) == told(slow)
    assert list(journal.verify()) == []
    assert JournalEntry.objects.filter(subject_id=str(fast.pk)).count() == 2
