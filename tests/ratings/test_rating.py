"""One closed case, one free rating, never changed, never counted when it was not given."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from siban.cases.actions import close
from siban.kernel import journal
from siban.kernel.actor import ANONYMOUS, SYSTEM
from siban.kernel.flow import Refused
from siban.kernel.measures import figures, rows_behind
from siban.ratings import actions, api, measures, rules

from .conftest import AT, LATER, Scene


def test_closing_a_case_invites_its_applicant(review: api.Review, scene: Scene) -> None:
    assert (review.state, review.level, review.number) == ("invited", None, scene.case.number)
    assert (review.org_id, review.person_id) == (scene.cast.office.pk, scene.cast.citizen_person.pk)
    assert len(review.token) >= 24


def test_hearing_of_the_closure_twice_invites_once(review: api.Review, scene: Scene) -> None:
    assert actions.invite(case_id=scene.case.pk, at=LATER).pk == review.pk
    assert api.Review.objects.count() == 1


def test_the_database_keeps_one_rating_a_case(review: api.Review) -> None:
    twin = api.Review(
        **{f.attname: getattr(review, f.attname) for f in review._meta.concrete_fields if f.attname != "id"}
    )
    twin.token = "another"
    with pytest.raises(IntegrityError, match="review_once_a_subject"), transaction.atomic():
        twin.save(force_insert=True)


def test_the_applicant_rates_once_and_never_again(review: api.Review, scene: Scene) -> None:
    given = api.rate(
        review_id=review.pk, level=2, tags=["讲解清楚"], comment=" 谢谢 ", by=scene.cast.citizen, at=LATER
    )
    assert (given.state, given.level, given.tags, given.comment) == ("collected", 2, ["讲解清楚"], "谢谢")
    assert given.is_real_name
    with pytest.raises(Refused, match="已评价"):
        api.rate(review_id=review.pk, level=5, by=scene.cast.citizen, at=LATER)
    review.refresh_from_db()
    assert review.level == 2


@pytest.mark.parametrize("statement", ["UPDATE ratings_review SET level = 1", "DELETE FROM ratings_review"])
def test_the_database_refuses_to_change_a_rating_that_was_given(
    review: api.Review, scene: Scene, statement: str
) -> None:
    api.rate(review_id=review.pk, level=5, by=scene.cast.citizen, at=LATER)
    with pytest.raises(DatabaseError, match="given rating"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("who", ["stranger", "reviewer", "neighbour_reviewer", "clerk", "bureau"])
def test_nobody_rates_for_the_applicant(review: api.Review, scene: Scene, who: str) -> None:
    with pytest.raises(Refused, match="工作人员不得代为评价"):
        api.rate(review_id=review.pk, level=1, by=getattr(scene.cast, who), at=LATER)
    with pytest.raises(Refused):
        api.rate(review_id=review.pk, level=1, by=SYSTEM, at=LATER)
    review.refresh_from_db()
    assert review.rated_at is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"level": None}, "请选择满意程度"),
        ({"level": 0}, "请选择满意程度"),
        ({"level": 6}, "请选择满意程度"),
        ({"level": 1, "tags": ["没有的原因"]}, "不在可选的原因里"),
        ({"level": 1, "comment": "字" * 501}, "最多 500 字"),
    ],
)
def test_a_rating_is_refused_with_its_reason(
    review: api.Review, scene: Scene, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        api.rate(review_id=review.pk, by=scene.cast.citizen, at=LATER, **said)


@pytest.mark.parametrize("level", rules.LEVELS)
def test_the_last_two_levels_are_bad_and_silence_is_neither(level: int) -> None:
    assert rules.is_bad(level) == (rules.LEVELS[level] in ("不满意", "非常不满意"))
    assert (level in rules.GOOD) != (level in rules.BAD)
    assert not rules.is_bad(None)
    assert None not in rules.GOOD


def test_who_asks_for_it_leaves_no_name_in_the_journal(review: api.Review, scene: Scene) -> None:
    given = api.rate(review_id=review.pk, level=4, anonymous=True, by=scene.cast.citizen, at=LATER)
    assert not given.is_real_name
    row = journal.timeline(review).last()
    assert (row.actor_kind, row.actor_id, row.actor_name) == ("anonymous", None, "访客")


def test_the_code_at_the_window_rates_without_log_in(review: api.Review) -> None:
    given = api.rate(review_id=review.pk, level=3, by=ANONYMOUS.through("window"), at=LATER)
    assert (given.is_real_name, given.channel) == (False, "window")


def test_figures_count_what_was_said_and_open_onto_their_rows(review: api.Review, scene: Scene) -> None:
    cases = [scene.another() for _ in range(4)]
    for case in cases:
        close(case_id=case.pk, at=AT)
    journal.deliver(at=LATER)
    by_case = {r.subject_id: r for r in api.Review.objects.all()}
    for case, level in zip([scene.case, *cases], (1, 3, 4, 5, None), strict=True):
        if level is not None:
            api.rate(review_id=by_case[str(case.pk)].pk, level=level, by=scene.cast.citizen, at=LATER)
    found = {slug: f[None] for slug, f in figures(measures.RATING_TABLE).items()}
    good, bad = found["review_good_rate"], found["review_bad_count"]
    assert (good.hits, good.total, good.percent) == (2, 4, "50.00%")
    assert bad.hits == 2
    assert (found["review_coverage_ratio"].hits, found["review_coverage_ratio"].total) == (4, 5)
    assert found["review_real_name_bad_count"].hits == 2
    assert {r.level for r in rows_behind(measures.BAD_COUNT, "hits")} == {4, 5}
    assert [c.pk for c in rows_behind(measures.COVERAGE, "gap")] == [cases[-1].pk]


def test_without_any_rating_there_is_no_rate(db: None) -> None:
    assert figures([measures.GOOD_RATE])["review_good_rate"][None].percent == "无数据"


def test_each_office_sees_its_own_ratings_only(review: api.Review, scene: Scene) -> None:
    seen = {
        name: api.Review.objects.visible_to(getattr(scene.cast, name)).count()
        for name in ("citizen", "stranger", "reviewer", "neighbour_reviewer", "bureau", "far_bureau", "clerk")
    }
    assert seen == {
        "citizen": 1, "stranger": 0, "reviewer": 1, "neighbour_reviewer": 0, "bureau": 1, "far_bureau": 0, "clerk": 0,
    }  # fmt: skip
    assert api.Review.objects.visible_to(ANONYMOUS).count() == 0
