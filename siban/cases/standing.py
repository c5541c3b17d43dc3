"""How a case stands beside its state: levels of review, mandates, opinions, hearing, inspection. Read by the guards."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from siban.kernel.actor import Actor
from siban.kernel.clock import local_day

from . import guards_counter, rules, rules_counter, rules_review

if TYPE_CHECKING:
    from .models import Case


def _case(self: Any) -> "Case":
    return self  # type: ignore[no-any-return]


class Standing:
    """Questions the guards ask of a case. Each costs at most one statement, and none where nothing can be open."""

    decided_on_the_spot = False
    """Set by the act that decides straight after acceptance (行政许可法第三十四条第二款)."""

    @property
    def is_unsaved(self) -> bool:
        """Whether the case exists in memory only so far."""
        return _case(self)._state.adding

    @property
    def way(self) -> Any:
        """Its hand-over between two places; None for a case of one place."""
        from .models_cross import CrossRegion

        case = _case(self)
        if not case.is_cross or self.is_unsaved:
            return None
        return CrossRegion.objects.filter(pk=case.pk).select_related("from_org").first()

    def joined(self, *states: str) -> list[Any]:
        """Co-applicants in these states, with their persons."""
        case = _case(self)
        if self.is_unsaved or not case.is_joint:
            return []
        return list(case.co_applicants.filter(state__in=states).select_related("person"))

    @property
    def levels(self) -> tuple[Any, ...]:
        """The levels of review the item names before its decision."""
        return rules.review_steps(_case(self).elements.process_steps)

    @property
    def is_four_eyes(self) -> bool:
        """Whether one person reviews and another decides."""
        case = _case(self)
        return rules.two_hands(case.elements.process_steps, instant=case.case_type == "instant")

    def outside_mandate(self, actor: Actor, *, on: date, refusing: bool = False) -> str | None:
        """Why the chief representative's mandate does not reach this case; None when it does."""
        from .models_procedure import Mandate

        case = _case(self)
        assert actor.account_id is not None
        held = Mandate.objects.filter(
            account_id=actor.account_id, org_id=case.org_id, withdrawn_at=None, valid_from__lte=on, valid_to__gt=on
        )
        papers = list(held)
        if not papers:
            return "您在今天没有有效的首席代表授权书，不能作出决定。请由单位主要负责人登记授权书，或者交由其他决定人办理。"
        code = case.elements.impl_code
        reaching = [paper for paper in papers if not paper.items or code in paper.items]
        if not reaching:
            return f"授权书{'、'.join(p.number for p in papers)}的授权事项里没有“{case.title}”，请交由其他决定人办理。"
        if refusing and not any(paper.may_reject for paper in reaching):
            return f"授权书{reaching[0].number}没有授权作出不予的决定，请交由单位负责人决定。"
        return None

    def is_consulted(self, org_id: UUID | None) -> bool:
        """Whether a unit's opinion on this case is waited for."""
        return org_id is not None and any(o.org_id == org_id for o in self._opinions)

    def open_opinions(self) -> list[str]:
        """Names of the units that have not answered yet."""
        return [o.org.short_name or o.org.name for o in self._opinions]

    @property
    def _opinions(self) -> list[Any]:
        case = _case(self)
        if case.state not in ("in_review", "in_special", "proposed"):
            return []
        if "_open_opinions" not in case.__dict__:
            waiting = case.opinions.filter(answered_at=None, dropped_at=None).select_related("org")
            case.__dict__["_open_opinions"] = list(waiting)
        return case.__dict__["_open_opinions"]  # type: ignore[no-any-return]

    def open_inspection(self) -> bool:
        """Whether inspectors are out without a conclusion yet."""
        case = _case(self)
        return (
            case.state in ("in_review", "in_special", "proposed")
            and case.inspections.filter(recorded_at=None).exists()
        )

    def inspection_failed(self) -> bool:
        """Whether the last recorded inspection speaks against a grant."""
        case = _case(self)
        if case.state not in ("in_review", "proposed"):
            return False
        last = case.inspections.exclude(recorded_at=None).order_by("recorded_at", "id").last()
        return last is not None and last.conclusion != "pass"

    @property
    def _hearing(self) -> Any:
        case = _case(self)
        if case.state not in ("in_review", "in_special", "proposed"):
            return None
        if "_the_hearing" not in case.__dict__:
            from .models_procedure import Hearing

            case.__dict__["_the_hearing"] = Hearing.objects.filter(case_id=case.pk).first()
        return case.__dict__["_the_hearing"]

    def has_hearing(self) -> bool:
        """Whether the right to a hearing was told already."""
        return self._hearing is not None

    def hearing_waits(self) -> bool:
        """Whether a hearing was asked for, or is due by law, and not held yet."""
        h = self._hearing
        return h is not None and h.held_on is None and (h.asked_at is not None or h.by_office)

    def hearing_open(self, *, on: date) -> str | None:
        """Why a decision must wait for the hearing; None when it need not."""
        h = self._hearing
        if h is None or h.held_on is not None or h.waived_at is not None:
            return None
        if self.hearing_waits():
            return "听证还没有举行，不能作出决定。请先发听证通知，举行听证后登记笔录。"
        if on <= h.ask_until:
            return f"已告知听证权利，申请人可以在 {h.ask_until.year}年{h.ask_until.month}月{h.ask_until.day}日前申请听证，期满前不能作出决定。"
        return None

    def hearing_not_askable(self, *, on: date) -> str | None:
        """Why a hearing can't be asked for or waived now; None when it can."""
        h = self._hearing
        if h is None or h.by_office:
            return "没有告知过可以申请听证。"
        if h.asked_at or h.waived_at:
            return "已经申请过或者放弃了听证。"
        if on > h.ask_until:
            return "申请听证的期限已经届满。"
        return None

    def not_archivable(self, *, on: date) -> str | None:
        """Why the case is not filed away yet."""
        case = _case(self)
        days = settings.SIBAN_ARCHIVE_AFTER_DAYS
        if case.closed_at is None or on < local_day(case.closed_at) + timedelta(days=days):
            return f"办结满 {days} 天后归档。"
        return None

    def reviewed_points(self) -> list[rules_counter.Point]:
        """The review points as found in review; none while nobody can have looked."""
        case = _case(self)
        if case.state not in (*rules_review.UNDER_REVIEW, "proposed"):
            return []
        return guards_counter.points_of(case, rules_review.REVIEW)

    def unseen_points(self) -> list[rules_review.Asked]:
        """Review points of the materials that are here which nobody has looked at (行政许可法第三十四条).

        An instant matter is decided on papers that are complete and in form, as the counter found them; so is what is
        decided straight after acceptance.
        """
        case = _case(self)
        if case.case_type == "instant" or case.state not in ("accepted", *rules_review.UNDER_REVIEW, "proposed"):
            return []
        asked = self.asked_points()
        counts = (rules_review.COUNTER, rules_review.REVIEW)[case.state != "accepted" :]
        seen = {(c.material_id, c.point) for c in case.marks if c.stage in counts} if asked else set()
        return [a for a in asked if a.key not in seen]

    def asked_points(self) -> list[rules_review.Asked]:
        """Every review point of the materials that are here."""
        case = _case(self)
        here = {p.material_id for p in case.papers_in if p.is_provided}
        here |= {m.id for m in case.form_materials() if not case.unfilled_fields()}
        return rules_review.asked(case.wanted(), here)

    def decided_alone(self) -> str | None:
        """Why this case has to be decided by itself; None when it may be granted among several."""
        marks = [(c.material_id, c.point, c.verdict) for c in self.marks]
        instant = _case(self).case_type == "instant"
        return rules_review.not_together(is_instant=instant, asked=self.asked_points(), marks=marks)

    @property
    def marks(self) -> list[Any]:
        """Every mark on a review point, fetched once."""
        case = _case(self)
        if "_marks" not in case.__dict__:
            case.__dict__["_marks"] = list(case.material_checks.select_related("by").all())
        return case.__dict__["_marks"]  # type: ignore[no-any-return]

    def is_auto_granted(self) -> bool:
        """Whether the department's signed rules granted this application."""
        from .models_automatic import AutoDecision

        return AutoDecision.objects.filter(case_id=_case(self).pk, outcome="grant").exists()
