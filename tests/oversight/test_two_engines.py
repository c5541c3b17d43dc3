"""The same question asked of two engines: the declared measure, and plain SQL written from its words. They never differ."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from siban.identity.models import Org
from siban.kernel import measures
from siban.kernel.measures import REGISTRY, Ratio
from tests.oversight import (
    plain_sql,
    plain_sql_hotline,
    plain_sql_rooms,
    population,
    population_hotline,
    population_rooms,
)

QUERIES = {**plain_sql.QUERIES, **plain_sql_rooms.QUERIES, **plain_sql_hotline.QUERIES}

COUNTED = sorted(m.slug for m in REGISTRY.values() if m.is_computed)


def asked(slug: str) -> dict[Any, tuple[int, int | None]]:
    """What the plain SQL says, by organisation; units with nothing to say are left out."""
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[slug].replace("%", "%%"), [])
        rows = cursor.fetchall()
    return {org: (int(hits), None if total is None else int(total)) for org, hits, total in rows if hits or total}


def declared(slug: str) -> dict[Any, tuple[int, int | None]]:
    found = measures.figures([REGISTRY[slug]], by="org")[slug]
    return {org: (f.hits, f.total) for org, f in found.items() if f.hits or f.total}


def test_every_counted_measure_has_its_plain_sql() -> None:
    assert sorted(QUERIES) == COUNTED


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.django_db
def test_both_engines_give_the_same_by_unit_and_in_total(seed: int) -> None:
    orgs = population.build(seed)
    population_rooms.build(population.Dice(seed), orgs)
    population_hotline.build(population.Dice(seed), orgs)
    differ = {}
    whole = measures.figures(REGISTRY.values())
    for slug in COUNTED:
        plain, own = asked(slug), declared(slug)
        by_unit = {
            org: parts for org, parts in plain.items() if org is not None
        }  # what no unit has is in the whole alone
        if by_unit != own:
            names = dict(Org.objects.values_list("pk", "short_name"))
            differ[slug] = {
                names[o]: (plain.get(o), own.get(o)) for o in by_unit.keys() | own.keys() if plain.get(o) != own.get(o)
            }
        total = (sum(h for h, _ in plain.values()), sum(t or 0 for _, t in plain.values()))
        figure = whole[slug][None]
        if (figure.hits, figure.total or 0) != total:
            differ[f"{slug} in total"] = {"": (total, figure)}
    assert differ == {}
    assert [slug for slug in COUNTED if not asked(slug)] == []


MUTATIONS = (
    ("instant_item_ratio", {"counts": Q(case_type="promised")}),
    ("cert_free_of_all", {"counts": Q(is_cert_free=True)}),
    ("onsite_visits_zero_ratio", {"out_of": Q()}),
    ("t002_05_verification_ratio", {"counts": Q(online_depth__gt=3)}),
    ("off_list_approval_count", {"out_of": Q(took_beyond=True)}),
    ("paper_ecert_sync", {"counts": Q(signed_on__isnull=False)}),
)  # fmt: skip


@pytest.mark.parametrize(("slug", "changed"), MUTATIONS, ids=[s for s, _ in MUTATIONS])
@pytest.mark.django_db
def test_a_measure_that_counts_otherwise_than_its_words_is_found(
    slug: str, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    population.build(4)
    assert asked(slug) == declared(slug)
    right = REGISTRY.pop(slug)
    try:
        replace(right, **changed)
        assert asked(slug) != declared(slug)
    finally:
        REGISTRY[slug] = right


@pytest.mark.django_db
def test_hits_and_gap_are_the_whole_and_mending_the_gap_fills_it() -> None:
    population.build(5)
    for slug in COUNTED:
        m = REGISTRY[slug]
        parts: dict[Any, set[Any]] = {
            p: set(measures.rows_behind(m, p).values_list("pk", flat=True)) for p in ("hits", "total", "gap")
        }  # type: ignore[arg-type]
        figure = measures.figures([m])[slug][None]
        if isinstance(m, Ratio):
            assert parts["hits"] | parts["gap"] == parts["total"], slug
            assert not parts["hits"] & parts["gap"], slug
        if m.counts_rows:
            assert len(parts["hits"]) == figure.hits, slug
            assert figure.total is None or len(parts["total"]) == figure.total, slug
        if isinstance(m, Ratio):
            assert measures.figure_if(m, parts["gap"]).hits == figure.total, slug
            assert measures.figure_if(m, list(parts["gap"])[:1]).total == figure.total, slug
        assert measures.figure_if(m, []) == figure, slug
        lacking = Q()
        for mend in m.mends:
            lacking |= mend.lacking
        if m.mends and isinstance(m, Ratio):
            left = measures.rows_behind(m, "gap").exclude(
                pk__in=measures.rows_behind(m, "gap").filter(lacking).values("pk")
            )
            assert not left.exists(), f"{slug}: a row of the gap lacks nothing that is said"


@pytest.mark.django_db
def test_one_pass_over_units_and_regions_gives_what_each_measure_gives() -> None:
    population.build(6)
    chosen = [m for m in REGISTRY.values() if m.is_computed and m.rows is REGISTRY["item_total"].rows]
    made = measures.cube(chosen, scope=measures.Scope(region_prefix="1507"))
    apart, whole = measures.figures(chosen, by="org"), measures.figures(chosen)
    regions = measures.figures(chosen, by="region_id")
    assert len(list(made)) == len(chosen) > 40
    for m in chosen:
        for org, figure in apart[m.slug].items():
            assert made.figure(m.slug, org=org) == figure
        for region, figure in regions[m.slug].items():
            assert made.figure(m.slug, region=region) == figure
        assert made.figure(m.slug) == whole[m.slug][None]
        assert made.of_regions(m.slug, "150724").hits == whole[m.slug][None].hits
    with pytest.raises(ValueError, match="same rows"):
        measures.cube([*chosen, REGISTRY["case_received_count"]])
