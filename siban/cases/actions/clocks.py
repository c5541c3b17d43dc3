"""The clocks of a case: opened and closed with its moves; the case keeps the due day that counts now."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from siban.cases import rules
from siban.cases.models import Case
from siban.kernel import journal
from siban.kernel.actor import Actor
from siban.kernel.calendar import WorkCalendar
from siban.kernel.calendar.store import calendar_for
from siban.kernel.clock import local_day
from siban.kernel.models import Term
from siban.kernel.terms import actions as term_actions

SUBJECT = "cases.Case"
NOTICE, CORRECTION, LEGAL, PROMISED, DELIVERY = "notice", "correction", "legal", "promised", "delivery"
SPECIAL, DEFICIENCY, OPINION = "special", "deficiency", "opinion"
HEARING_RIGHT, HEARING_HOLD = "hearing_right", "hearing_hold"


def running(case: Case, kind: str) -> Term | None:
    """The running clock of a kind."""
    return Term.objects.running().of(SUBJECT, case.pk).filter(kind=kind).first()


def _open(case: Case, kind: str, *, on: date, length: int, unit: str, by: Actor, at: datetime) -> Term:
    return term_actions.open_term(
        subject_type=SUBJECT, subject_id=case.pk, kind=kind, start_on=on, length=length,
        unit="natural_day" if unit == "natural_day" else "workday", at=at, by=by, calendar_region=case.region_id,
    )  # fmt: skip


def close_all(case: Case, *kinds: str, on: date, by: Actor, at: datetime) -> None:
    """Stop these clocks for good (all of them when none is named)."""
    rows = Term.objects.running().of(SUBJECT, case.pk)
    for row in rows.filter(kind__in=kinds) if kinds else rows:
        term_actions.close(term=row.pk, closed_on=max(on, row.start_on), at=at, by=by)


def on_receipt(case: Case, *, on: date, by: Actor, at: datetime) -> None:
    """Received: five working days to tell every correction at once (行政许可法第三十二条第一款第四项)."""
    receipt_term(case, on=on, at=at, calendar=calendar_for(case.region_id)).save(force_insert=True)


def on_correction(case: Case, *, on: date, days: int, by: Actor, at: datetime) -> None:
    """Told what to correct: the notice clock ends, the applicant's begins."""
    close_all(case, NOTICE, on=on, by=by, at=at)
    term = _open(case, CORRECTION, on=on, length=days, unit="workday", by=by, at=at)
    case.notice_due_on, case.correction_due_on = None, term.due_on
    case.due_on, case.due_provisional = term.due_on, term.provisional


def on_acceptance(case: Case, *, on: date, by: Actor, at: datetime) -> None:
    """Accepted: the notice clock ends, the legal and the promised clock start side by side (行政许可法第四十二条)."""
    close_all(case, NOTICE, CORRECTION, on=on, by=by, at=at)
    for term in acceptance_terms(case, on=on, at=at, calendar=calendar_for(case.region_id)):
        term.save(force_insert=True)


def acceptance_terms(case: Case, *, on: date, at: datetime, calendar: WorkCalendar) -> list[Term]:
    """Both clocks of the item version, counted but not kept yet; the case learns its due days."""
    item = case.elements
    limits = ((LEGAL, item.legal_limit), (PROMISED, item.limit_for(case.answers)))
    clocks = {
        kind: term_actions.planned(
            subject_type=SUBJECT, subject_id=case.pk, kind=kind, start_on=on, length=limit.value,
            unit="natural_day" if limit.unit == "natural_day" else "workday", at=at, calendar=calendar,
            calendar_region=case.region_id,
        )
        for kind, limit in limits if limit.value is not None
    }  # fmt: skip
    case.legal_due_on = clocks[LEGAL].due_on if LEGAL in clocks else None
    case.promised_due_on = clocks[PROMISED].due_on if PROMISED in clocks else None
    case.notice_due_on = case.correction_due_on = None
    _settle(case, list(clocks.values()))
    return list(clocks.values())


def receipt_term(case: Case, *, on: date, at: datetime, calendar: WorkCalendar) -> Term:
    """The five working days to tell every correction at once, counted but not kept yet."""
    term = term_actions.planned(
        subject_type=SUBJECT, subject_id=case.pk, kind=NOTICE, start_on=on, length=rules.NOTICE_DAYS, unit="workday",
        at=at, calendar=calendar, calendar_region=case.region_id,
    )  # fmt: skip
    case.notice_due_on, case.correction_due_on = term.due_on, None
    case.due_on, case.due_provisional = term.due_on, term.provisional
    return term


def on_decision(case: Case, *, on: date, by: Actor, at: datetime) -> None:
    """Decided: both clocks end; ten working days to deliver (行政许可法第四十四条)."""
    close_all(case, on=on, by=by, at=at)
    case.special_due_on = case.deficiency_due_on = case.renewal_due_on = None
    term = _open(case, DELIVERY, on=on, length=rules.DELIVERY_DAYS, unit="workday", by=by, at=at)
    case.due_on, case.due_provisional = term.due_on, term.provisional


def on_end(case: Case, *, on: date, by: Actor, at: datetime) -> None:
    """Nothing runs any more."""
    close_all(case, on=on, by=by, at=at)
    case.special_due_on = case.deficiency_due_on = case.renewal_due_on = None
    case.due_on, case.due_provisional = None, False


def on_special(
    case: Case,
    *,
    kind: str,
    days: int,
    unit: str,
    paper: str,
    authority: str,
    stops: bool,
    on: date,
    by: Actor,
    at: datetime,
) -> date | None:
    """A special procedure begins: the decision clocks stand still for the days told in writing (行政许可法第四十五条)."""
    if stops:
        for term in Term.objects.running().of(SUBJECT, case.pk).filter(kind__in=(LEGAL, PROMISED)):
            if term.due_on is None or on <= term.due_on:  # what has passed already can't be stopped any more
                term_actions.stop(
                    term=term.pk, kind=kind, started_on=max(on, term.start_on), paper_number=paper,
                    authority=authority, at=at, by=by,
                )  # fmt: skip
    told = _open(case, SPECIAL, on=on, length=days, unit=unit, by=by, at=at)
    case.special_due_on = told.due_on
    recount(case)
    return told.due_on


def on_special_over(case: Case, *, on: date, by: Actor, at: datetime) -> None:
    """The special procedure is over, or its announced days are: the clocks go on."""
    close_all(case, SPECIAL, on=on, by=by, at=at)
    for term in Term.objects.running().of(SUBJECT, case.pk).filter(kind__in=(LEGAL, PROMISED)):
        if (stop := term.stops.filter(ended_on=None).first()) is not None:
            term_actions.resume(term=term.pk, ended_on=max(on, stop.started_on), at=at, by=by)
    case.special_due_on = None
    recount(case)


def on_extension(case: Case, *, days: int, by: Actor, at: datetime) -> None:
    """Both clocks get the days the head of the office approved (行政许可法第四十二条)."""
    for term in Term.objects.running().of(SUBJECT, case.pk).filter(kind__in=(LEGAL, PROMISED)):
        if term.due_on is None or local_day(at) <= term.due_on:
            term_actions.extend(term=term.pk, days=days, at=at, by=by)
    recount(case)


def beside(case: Case, kind: str, *, days: int, unit: str = "workday", on: date, by: Actor, at: datetime) -> date:
    """Open a clock that runs beside the main ones; returns the day it is full."""
    term = _open(case, kind, on=on, length=days, unit=unit, by=by, at=at)
    recount(case)
    assert term.due_on is not None  # a new clock has no stop
    return term.due_on


def over(case: Case, kind: str, *, on: date, by: Actor, at: datetime) -> None:
    """A clock beside the main ones has done its work."""
    close_all(case, kind, on=on, by=by, at=at)
    recount(case)


def last_valid_day(valid_to: date) -> date:
    """The last day on which a certificate holds (`valid_to` is the day it ends)."""
    return valid_to - timedelta(days=1)


def recount(case: Case) -> None:
    """The case learns its due days from the clocks that run."""
    _settle(case, list(Term.objects.running().of(SUBJECT, case.pk)))


def _settle(case: Case, clocks: Collection[Term]) -> None:
    for term in clocks:
        if term.kind in DUE_DAYS:
            setattr(case, DUE_DAYS[term.kind], term.due_on)
    days = [t.due_on for t in clocks if t.due_on and t.kind not in rules.NOT_THE_OFFICE]
    case.due_on = min([*days, *filter(None, [case.renewal_due_on])], default=None)
    case.due_provisional = any(t.provisional for t in clocks)


def hold(ids: Collection[str]) -> None:
    """Lock these cases before their clocks, in the order in which every act on a case locks."""
    list(Case.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))


DUE_DAYS = {
    NOTICE: "notice_due_on",
    CORRECTION: "correction_due_on",
    LEGAL: "legal_due_on",
    PROMISED: "promised_due_on",
    SPECIAL: "special_due_on",
    DEFICIENCY: "deficiency_due_on",
}
FOLLOWED = (*DUE_DAYS.values(), "due_on", "due_provisional")
CALENDAR_LAW = "国务院办公厅关于节假日安排的通知"


def follow(ids: Collection[str], *, cause: str, at: datetime, by: Actor) -> None:
    """A new calendar moved clocks: the cases' own due days follow, and each change is told with its cause."""
    running: dict[str, list[Term]] = {}
    for term in Term.objects.running().filter(subject_type=SUBJECT, subject_id__in=list(ids)).order_by("id"):
        running.setdefault(term.subject_id, []).append(term)
    for case in Case.objects.filter(pk__in=ids).order_by("pk"):
        before = {name: getattr(case, name) for name in FOLLOWED}
        clocks = running.get(str(case.pk), [])
        _settle(case, clocks)
        after = {name: getattr(case, name) for name in FOLLOWED}
        changed = journal.changes(before, after)
        if not changed:
            continue
        case.save(update_fields=list(changed))
        moved = "" if case.due_on == before["due_on"] else f"，到期日由 {before['due_on']} 改为 {case.due_on}"
        journal.write(
            subject=case, move="recount_terms", by=by, at=at, law=CALENDAR_LAW, changes=changed,
            note=f"{cause}{moved or '，到期日不变'}{_each(before, after)}。",
        )  # fmt: skip


def _each(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Every clock that moved, by its name, with its old day and its new one."""
    return "".join(
        f"；{rules.CLOCK_NAMES[kind]}由 {before[name]} 改为 {after[name]}"
        for kind, name in DUE_DAYS.items()
        if before[name] != after[name]
    )
