"""Every indicator of the documents is declared once, says its parts, and is either counted or says what it waits for."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from siban.kernel import clock, measures
from siban.kernel.actor import SYSTEM
from siban.kernel.measures import REGISTRY, Count, Figure, Measure, Pending, Several, variants_of
from siban.oversight import measures_pending, seeds
from siban.oversight.actions import snapshots as record
from siban.oversight.models import Target
from siban.oversight.queries import aims
from tests.cases import cast as standing

WANTED = (Path(__file__).parent / "indicators.txt").read_text().split()
AMBIGUOUS = {  # where the documents can be read in two ways, both readings are there
    "promised_time_reduction_ratio", "onsite_visits_zero_ratio", "full_online_ratio", "cert_free_coverage", "three_level_n_same",
    "guide_published_ratio_002", "t002_03_info_published", "instant_item_ratio",
}  # fmt: skip


def test_each_of_the_104_indicators_is_declared_exactly_once() -> None:
    assert len(WANTED) == len(set(WANTED)) == 104
    assert [slug for slug in WANTED if slug not in REGISTRY] == []
    assert [slug for slug in WANTED if REGISTRY[slug].variant_of] == []
    assert len({m.code for m in REGISTRY.values()}) == len(REGISTRY)


def test_what_is_declared_twice_is_refused() -> None:
    known = REGISTRY["item_total"]
    before = dict(REGISTRY)
    for slug, code in ((known.slug, "ITEM-999"), ("another", known.code)):
        with pytest.raises(ValueError, match=r"twice|taken"):
            Count(slug=slug, code=code, title="重复", words="重复", source="演示", rows=known.rows)
    with pytest.raises(ValueError, match="what it needs"):
        Pending(slug="nobody", code="X-1", title="无", words="无", source="无")
    assert before == REGISTRY


@pytest.mark.parametrize("measure", REGISTRY.values(), ids=REGISTRY)
def test_a_measure_says_what_it_is_and_where_from(measure: Measure) -> None:
    assert measure.title
    assert measure.words
    assert measure.source
    assert measure.level
    if isinstance(measure, Pending):
        assert not measure.is_computed
        assert measure.needs
        assert measure.room
        assert measures.figures([measure]) == {}
    elif isinstance(measure, Several):
        assert [p for p in measure.parts if p not in REGISTRY] == []
    if measure.slug in WANTED and not isinstance(measure, Several):
        assert measure.numerator
    if measure.variant_of:
        assert measure.variant
        assert not REGISTRY[measure.variant_of].variant_of


@pytest.mark.parametrize("slug", sorted(AMBIGUOUS))
def test_an_ambiguous_indicator_has_its_other_reading_beside_it(slug: str) -> None:
    assert variants_of(slug)


def test_targets_are_rows_by_sentence_and_loading_again_changes_nothing(cast: standing.Cast) -> None:
    said: list[dict[str, Any]] = yaml.safe_load(seeds.REFERENCE.read_text())["targets"]
    keys = [(t["measure"], t["document"], t["place"]) for t in said]
    assert len(keys) == len(set(keys)) == Target.objects.count() == seeds.load_targets()
    two = Target.objects.filter(measure="scenario_item_ratio_002").order_by("deadline")
    assert [(t.deadline.isoformat(), t.value) for t in two if t.deadline] == [
        ("2021-06-30", Decimal("0.3")), ("2021-12-31", Decimal("0.3"))
    ]  # fmt: skip
    has = set(Target.objects.values_list("measure", flat=True))
    assert [s for s in WANTED if s not in has and not isinstance(REGISTRY[s], Several)] == []


@pytest.mark.parametrize(
    ("comparison", "value", "met"),
    [(">=", "0.8", True), (">=", "0.81", False), ("==", "0.8", True), ("==", "0.79", False), ("<=", "0.8", True), ("<=", "0.79", False)],
)  # fmt: skip
def test_a_target_holds_as_its_comparison_says(comparison: str, value: str, met: bool) -> None:
    target = Target(measure="x", document_code="x", value=Decimal(value), comparison=comparison)
    assert aims.holds(Figure("x", None, 8, 10), target) is met
    assert aims.holds(Figure("x", None, 0, 0), target) is None
    assert aims.holds(None, target) is None
    watched = Target(measure="x", document_code="x", comparison="rank")
    assert aims.holds(Figure("x", None, 8, 10), watched) is None


def test_the_command_line_says_every_figure_and_explains_each(cast: standing.Cast) -> None:
    def said(*args: str) -> str:
        out = io.StringIO()
        call_command("indicators", *args, stdout=out)
        return out.getvalue()

    rows = json.loads(said("--format", "json"))
    assert {r["slug"] for r in rows} == set(REGISTRY)
    assert [r for r in rows if r["state"] != "已接入" and (r["value"] or r["hits"])] == []
    by = {r["slug"]: r for r in json.loads(said("--format", "json", "--unit", "demo-other"))}
    assert (by["item_total"]["hits"], by["instant_item_ratio"]["total"]) == (1, 1)
    parts = [part for m in REGISTRY.values() if isinstance(m, Several) for part in m.parts]
    assert {r["slug"] for r in json.loads(said("--format", "json", "--document", "000"))} <= {*WANTED, *parts}
    for m in REGISTRY.values():
        told = said("--explain", m.slug)
        assert m.words in told
        assert ("明细语句" in told) is m.is_computed
    record.take(by=SYSTEM, at=clock.now(), reason="")
    day = str(clock.local_day(clock.now()))
    assert json.loads(said("--format", "json", "--day", day, "--unit", "demo-other"))
    for wrong in (("--day", "昨天"), ("--day", "2001-01-01"), ("--unit", "没有这个局"), ("--explain", "nothing")):
        with pytest.raises(CommandError):
            said(*wrong)


@pytest.mark.parametrize(
    ("region", "first"), [("150724000000", "hotline_satisfaction_rate"), ("150627000000", "hotline_response_rate")]
)
def test_the_three_rates_are_those_of_the_region(region: str, first: str) -> None:
    parts = measures_pending.rate_set("hotline_three_rates", region_code=region)
    assert parts[0] == first
    assert len(parts) == 3
    assert set(parts) <= set(REGISTRY)
