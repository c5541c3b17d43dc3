"""Short ways to a food business case in review, for the tests of what happens beside the main line."""

from datetime import datetime, timedelta

from siban.cases import actions
from siban.cases.models import Case
from siban.kernel import calendar
from siban.kernel.models import Paper

from . import cast as standing
from .cast import MONDAY

FOOD = "market_regulation.food_business"  # inspection, deferrable staff papers, commitment, renewal
DAY = timedelta(days=1)
CALENDAR = calendar.national()


def at(day: int, hour: int = 9) -> datetime:
    """So many days after the Monday."""
    return MONDAY.replace(hour=hour) + DAY * day


def draft(cast, *answers):
    """A food business application of the firm; `answers` choose the situation by option id."""
    case = actions.start(
        item=cast.items[FOOD], by=cast.citizen, at=MONDAY, person=cast.persons["citizen"], enterprise=cast.firm
    )
    for question, option in zip(("q1", "q2"), answers, strict=False):
        actions.answer(case_id=case.pk, answers={question: option}, by=cast.citizen, at=MONDAY)
    actions.save_form(
        case_id=case.pk, values=standing.good_form(Case.objects.get(pk=case.pk), at=MONDAY), by=cast.citizen, at=MONDAY
    )
    return Case.objects.get(pk=case.pk)


def hand_in_all(cast, case, *, but=(), at=MONDAY):
    here = {m.id for m in case.form_materials()} | set(but)
    for material in case.wanted():
        if material.id not in here and material.necessity != "optional":
            actions.add_file(
                case_id=case.pk,
                material_id=material.id,
                upload=standing.pdf(),
                name="材料.pdf",
                by=cast.citizen,
                at=at,
            )
    return Case.objects.get(pk=case.pk)


def reviewing(cast, *answers):
    """A food business case in review since Monday."""
    case = hand_in_all(cast, draft(cast, *(answers or ("a", "a"))))
    actions.submit(case_id=case.pk, by=cast.citizen, at=MONDAY)
    actions.accept(case_id=case.pk, by=cast.clerk, at=MONDAY)
    return standing.look(cast, actions.start_review(case_id=case.pk, by=cast.reviewer, at=MONDAY), at=MONDAY)


def now(case):
    return Case.objects.get(pk=case.pk)


def papers(case):
    return set(Paper.objects.filter(subject_id=str(case.pk)).values_list("kind", flat=True))
