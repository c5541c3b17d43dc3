"""接待: several items for one person, review points marked, set aside and taken up, and nothing left for the next."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from siban.cases import guards_counter, rules_counter, tasks
from siban.cases.actions import counter_visit as actions
from siban.cases.actions import material_checks
from siban.cases.models import Case
from siban.cases.models_counter import CounterVisit, MaterialCheck
from siban.cases.queries import material_checks as checks
from siban.cases.queries import visits as queries
from siban.cases.visiting import VisitState
from siban.identity import api as identity
from siban.kernel import journal
from siban.kernel.actor import SYSTEM
from siban.kernel.flow import Refused

from . import cast as standing
from .test_counter import begin, everything, hall, situated  # noqa: F401 (a fixture and the ways of the clerk)

AT = standing.MONDAY
TODAY = AT.date()
MARK = material_checks.Mark


def a_colleague(cast, who="colleague", org="hall", region=standing.BANNER, role="window_clerk"):
    cast.accounts[who] = identity.open_staff_account(
        login=who, name=f"演示{who}", password=standing.PASSWORD, posts=[(role, cast.orgs[org], region)],
        by=SYSTEM, at=AT, since=standing.SINCE,
    )  # fmt: skip
    cast.actors[who] = identity.of_post(cast.accounts[who], cast.accounts[who].posts.select_related("org").get())
    return cast.actors[who]


def received(cast, *items, who="citizen", by=None, at=AT):
    visit = actions.receive(person=cast.persons[who], by=by or cast.clerk.through("window"), at=at)
    made = [actions.begin_item(visit_id=visit.pk, item=cast.items[i], by=by or cast.clerk.through("window"), at=at) for i in items]  # fmt: skip
    return visit, made


def points_of(case):
    return [(m.id, n) for m in case.wanted() for n in range(len(m.review_points))]


def ready_instant(cast, client):
    where = begin(client, cast)["Location"]
    client.post(where, everything(situated(client, where)))
    return where, Case.objects.get()


def test_several_items_belong_to_one_visit_and_say_what_each_wants(hall):  # noqa: F811
    visit, made = received(hall, standing.INSTANT, standing.SITUATED)
    page = queries.visit_page(visit, by=hall.clerk, on=TODAY)
    assert [line.case_id for line in page.lines] == [c.pk for c in made]
    assert all(not line.is_ready for line in page.lines)
    assert any("情形没有选定" in line.wants for line in page.lines)
    assert {c.window_id for c in made} == {rules_counter.window_of(hall.clerk)}


def test_a_ready_item_is_handed_in_with_one_key_and_an_unready_one_is_left(hall):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    _where, _case = ready_instant(hall, client)
    visit = CounterVisit.objects.get()
    client.post(f"/desk/counter/visits/{visit.pk}/add/", {"q": hall.items[standing.SITUATED].name})
    assert visit.lines.count() == 2
    answer = client.post(f"/desk/counter/visits/{visit.pk}/hand-in/", follow=True)
    assert "已经提交 1 项" in answer.content.decode()
    assert sorted(Case.objects.values_list("state", flat=True)) == ["accepted", "draft"]


def test_the_sheet_lists_every_number_and_all_papers_come_as_one_file(hall, deliver):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    _, case = ready_instant(hall, client)
    visit = CounterVisit.objects.get()
    client.post(f"/desk/counter/visits/{visit.pk}/hand-in/")
    deliver()
    case.refresh_from_db()
    sheet = client.get(f"/desk/counter/visits/{visit.pk}/sheet/").content.decode()
    assert case.number in sheet
    assert "收件凭证" in sheet
    assert "受理通知书" in sheet
    whole = client.get(f"/desk/counter/visits/{visit.pk}/papers.pdf")
    assert whole["Content-Type"] == "application/pdf"
    assert whole.content.startswith(b"%PDF")


def test_a_point_not_met_stands_in_the_way_and_becomes_the_proposed_notice(hall):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    where, case = ready_instant(hall, client)
    mid, n = points_of(case)[0]
    answer = client.post(
        where, {f"point-{mid}-{n}": "not_ok", f"note-{mid}-{n}": "照片不是近期的", **everything(case), "do": "submit"}
    )
    assert answer.status_code == 422
    assert "有审查要点标为不符合，不能受理" in answer.content.decode()
    case = Case.objects.get()
    assert case.state == "draft"
    assert guards_counter.points_passed(case, AT)
    (said,) = checks.proposed_corrections(case)
    assert said["material_id"] == mid
    assert "照片不是近期的" in said["what"]
    mark = MaterialCheck.objects.get()
    assert (mark.by_id, mark.verdict) == (hall.clerk.account_id, "not_ok")
    told = client.post(where, {**everything(case), "do": "tell"})
    assert told.status_code == 302
    case = Case.objects.get()
    assert case.state == "correcting"
    assert case.correction[0]["material_id"] == mid


def test_a_point_mended_on_the_spot_opens_the_way(hall):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    where, case = ready_instant(hall, client)
    mid, n = points_of(case)[0]
    client.post(where, {f"point-{mid}-{n}": "not_ok"})
    client.post(where, {f"point-{mid}-{n}": "ok", **everything(case), "do": "submit"})
    assert Case.objects.get().state == "accepted"


def test_passing_the_rest_marks_only_what_is_here_and_not_looked_at(hall):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    where, case = ready_instant(hall, client)
    first, *rest = points_of(case)
    client.post(where, {f"point-{first[0]}-{first[1]}": "na"})
    client.post(where, {**everything(case), "do": "pass"})
    marks = {(c.material_id, c.point): c.verdict for c in MaterialCheck.objects.all()}
    assert marks[first] == "na"
    here = set(case.materials.values_list("material_id", flat=True))
    assert {k for k, v in marks.items() if v == "ok"} == {k for k in rest if k[0] in here}


@pytest.mark.parametrize("who", ["stranger", "other_reviewer", "township_clerk", "inspector"])
def test_points_are_marked_by_the_counter_and_the_department_alone(hall, who):  # noqa: F811
    _, (case,) = received(hall, standing.INSTANT)
    mid, n = points_of(case)[0]
    with pytest.raises((Refused, Case.DoesNotExist)):
        material_checks.check_materials(case_id=case.pk, marks={(mid, n): MARK("ok")}, by=hall.actors[who], at=AT)
    assert not MaterialCheck.objects.exists()


def test_a_point_the_version_does_not_have_is_refused(hall):  # noqa: F811
    _, (case,) = received(hall, standing.INSTANT)
    with pytest.raises(Refused, match="不在办事指南里"):
        material_checks.check_materials(case_id=case.pk, marks={("m99", 0): MARK("ok")}, by=hall.clerk, at=AT)


def test_the_next_visitor_sets_the_one_before_aside(hall):  # noqa: F811
    first, _ = received(hall, standing.INSTANT)
    second, _ = received(hall, standing.INSTANT, who="stranger")
    first.refresh_from_db()
    assert (first.state, first.parked_by_id) == (VisitState.PARKED, hall.clerk.account_id)
    assert CounterVisit.objects.served_by(hall.clerk).get() == second


def test_one_clerk_serves_one_visitor_at_a_time(hall):  # noqa: F811
    first, _ = received(hall)
    with pytest.raises(IntegrityError), transaction.atomic():
        CounterVisit.objects.create(
            org=first.org, region=first.region, window_id="x", clerk=first.clerk, person=hall.persons["stranger"],
            began_at=AT,
        )  # fmt: skip


def test_a_colleague_of_the_same_counter_takes_up_and_a_stranger_does_not(hall):  # noqa: F811
    visit, (case,) = received(hall, standing.INSTANT)
    actions.park(visit_id=visit.pk, by=hall.clerk, at=AT)
    with pytest.raises(Refused):
        actions.resume(visit_id=visit.pk, by=hall.township_clerk, at=AT)
    colleague = a_colleague(hall)
    client = standing.client_of(hall, "colleague")
    page = client.get("/desk/counter/").content.decode()
    assert "演示clerk" in page
    assert hall.persons["citizen"].name not in page
    assert client.post(f"/desk/counter/visits/{visit.pk}/resume/").status_code == 302
    visit.refresh_from_db()
    assert visit.clerk_id == colleague.account_id
    assert 'name="do"' in client.get(f"/desk/counter/{case.pk}/").content.decode()
    mine = standing.client_of(hall, "clerk").get(f"/desk/counter/{case.pk}/").content.decode()
    assert case.title not in mine


def test_a_township_has_its_own_visits(hall):  # noqa: F811
    visit, _ = received(hall, standing.INSTANT)
    neighbour = standing.client_of(hall, "township_clerk")
    assert neighbour.get(f"/desk/counter/visits/{visit.pk}/").status_code == 404
    for verb in ("park", "resume", "end", "hand-in", "add"):
        assert neighbour.post(f"/desk/counter/visits/{visit.pk}/{verb}/").status_code == 404
    visit.refresh_from_db()
    assert visit.state == VisitState.OPEN


@pytest.mark.parametrize("verb", ["park", "end"])
def test_after_the_visit_no_page_of_it_says_anything_about_the_visitor(hall, verb):  # noqa: F811
    client = standing.client_of(hall, "clerk")
    where, case = ready_instant(hall, client)
    visit = CounterVisit.objects.get()
    assert "Clear-Site-Data" in client.post(f"/desk/counter/visits/{visit.pk}/{verb}/")
    who = hall.persons["citizen"]
    for page in (
        where,
        f"{where}done/",
        f"/desk/counter/visits/{visit.pk}/",
        f"/desk/counter/visits/{visit.pk}/sheet/",
        "/desk/counter/",
    ):
        answer = client.get(page, follow=True)
        said = answer.content.decode()
        shown = [t for t in (who.name, who.id_number, who.mobile, case.title) if t in said]
        assert shown == [], page
        assert "no-store" in answer["Cache-Control"]
    again = client.post(where, {**everything(case), "do": "save"})
    assert again.status_code == 409
    assert who.name not in again.content.decode()


def test_a_draft_left_behind_is_the_person_s_and_is_offered_at_the_next_visit(hall):  # noqa: F811
    visit, (case,) = received(hall, standing.INSTANT)
    actions.end(visit_id=visit.pk, by=hall.clerk, at=AT)
    assert case in Case.objects.visible_to(hall.citizen)
    later, _ = received(hall, at=AT + timedelta(days=1))
    assert [e.case_id for e in queries.visit_page(later, by=hall.clerk, on=TODAY).earlier] == [case.pk]
    actions.take_up(case_id=case.pk, by=hall.clerk, at=AT + timedelta(days=1))
    assert [line.case_id for line in queries.visit_page(later, by=hall.clerk, on=TODAY).lines] == [case.pk]


def test_yesterday_s_visits_are_cleared_with_a_note_and_today_s_are_not(hall):  # noqa: F811
    left, (case,) = received(hall, standing.INSTANT)
    tasks.clear_the_counters(AT + timedelta(hours=10))
    left.refresh_from_db()
    assert left.state == VisitState.OPEN
    tasks.clear_the_counters(AT + timedelta(days=1))
    left.refresh_from_db()
    assert (left.state, left.note) == (VisitState.CLEARED, actions.CLEARED)
    assert journal.timeline(left).last().move == "clear"
    case.refresh_from_db()
    assert case.state == "draft"


def test_a_visit_costs_the_same_whatever_it_holds(hall, django_assert_num_queries):  # noqa: F811
    visit, _ = received(hall, standing.INSTANT)
    with django_assert_num_queries(3):
        queries.visit_page(visit, by=hall.clerk, on=TODAY, with_earlier=False)
    received(hall, standing.SITUATED, standing.INSTANT)
    with django_assert_num_queries(3):
        queries.visit_page(visit, by=hall.clerk, on=TODAY, with_earlier=False)


@pytest.mark.parametrize(
    ("separate", "same", "refused"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_who_received_does_not_decide(hall, separate, same, refused):  # noqa: F811
    _, (case,) = received(hall, standing.INSTANT)
    actor = hall.clerk if same else hall.reviewer
    assert bool(rules_counter.decided_by_other(actor, case, separate=separate)) is refused
