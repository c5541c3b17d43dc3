"""A library of a whole country: the demonstration banner's implementations copied to as many banners as a count asks for.

Every copy is a banner of its own (codes from `900001` on) with its sumus, gachas, organisations and implementations of the
same base items, written by set-based statements. A published guide is the same text in every banner, so copies point at
the original's version; the first `own` banners get version rows of their own, so that opening, editing and publishing can
be measured on items that are like real ones in everything. In all other copies one lower implementation in fifty has a
version of its own that differs from the one above, so that the list of unequal elements is as long as it would be.

    python -m bench.many_items 1600000        (into the database of DATABASE_URL, or of SIBAN_HOME)
"""

import argparse
import sys
import time

from django.db import connection, transaction

FIRST = 900_001
STEP = 200  # banners a statement
ONE_IN, FEW_IN = (
    50,
    8,
)  # lower implementations of which one is unequal; in a small library more, so that a page is full

REGIONS = """
INSERT INTO identity_region (code, name, level, kind, is_statistical_only, is_illustrative, parent_id)
SELECT k.code || substr(r.code, 7), r.name, r.level, r.kind, r.is_statistical_only, true,
       CASE WHEN r.parent_id LIKE %(banner)s || '%%' THEN k.code || substr(r.parent_id, 7) ELSE r.parent_id END
FROM identity_region r CROSS JOIN (SELECT n::text AS code FROM generate_series(%(low)s::int, %(high)s::int) n) k
WHERE r.code LIKE %(banner)s || '%%'
"""

ORGS = """
INSERT INTO identity_org (id, code, name, short_name, kind, uscc, nature, hall, consult_phone, complaint_phone, "order",
                          is_active, region_id)
SELECT gen_random_uuid(), o.code || '@' || k.code, o.name, o.short_name, o.kind, NULL, o.nature, o.hall, o.consult_phone,
       o.complaint_phone, o."order", o.is_active, k.code || substr(o.region_id, 7)
FROM identity_org o CROSS JOIN (SELECT n::text AS code FROM generate_series(%(low)s::int, %(high)s::int) n) k
WHERE o.region_id LIKE %(banner)s || '%%'
"""

# Positions 3 to 8 of an implementation code are the region's code (GB 32100 within GB/T 39554.1).
ITEMS = """
INSERT INTO catalog_implementationitem (id, slug, impl_code, catalog_item_id, org_id, region_id, base_id, version_id, {same})
SELECT gen_random_uuid(), i.slug || '@' || k.code, left(i.impl_code, 2) || k.code || substr(i.impl_code, 9),
       i.catalog_item_id, o.id, k.code || substr(i.region_id, 7), NULL, i.version_id, {same_i}
FROM catalog_implementationitem i
JOIN identity_org b ON b.id = i.org_id
CROSS JOIN (SELECT n::text AS code FROM generate_series(%(low)s::int, %(high)s::int) n) k
JOIN identity_org o ON o.code = b.code || '@' || k.code
WHERE i.region_id LIKE %(banner)s || '%%' AND i.version_id IS NOT NULL
"""

BASES = """
UPDATE catalog_implementationitem c SET base_id = n.id
FROM catalog_implementationitem i, catalog_implementationitem b, catalog_implementationitem n,
     (SELECT n::text AS code FROM generate_series(%(low)s::int, %(high)s::int) n) k
WHERE i.region_id LIKE %(banner)s || '%%' AND b.id = i.base_id
  AND c.slug = i.slug || '@' || k.code AND n.slug = b.slug || '@' || k.code
"""

VERSIONS = """
INSERT INTO catalog_itemversion (id, item_id, {same})
SELECT gen_random_uuid(), i.id, {same_v}
FROM catalog_implementationitem i JOIN catalog_itemversion v ON v.id = i.version_id
WHERE i.region_id ~>=~ %(from)s AND i.region_id ~<~ %(to)s
"""

# One lower implementation in so many has a version that is not what the one above says.
UNEQUAL = """
WITH chosen AS (
    SELECT i.id, i.version_id, gen_random_uuid() AS made FROM catalog_implementationitem i
    WHERE i.region_id ~>=~ %(from)s AND i.region_id ~<~ %(to)s AND i.base_id IS NOT NULL
      AND abs(hashtext(i.slug)) %% %(one_in)s = 0
), made AS (
    INSERT INTO catalog_itemversion (id, item_id, content, {same})
    SELECT c.made, c.id, jsonb_set(v.content, '{{accept_conditions}}', v.content->'accept_conditions' || '["另有本地条件"]'), {same_v}
    FROM chosen c JOIN catalog_itemversion v ON v.id = c.version_id
)
UPDATE catalog_implementationitem i SET version_id = c.made, is_unequal = true, locked_hash = md5(i.slug) || md5(i.slug)
FROM chosen c WHERE c.id = i.id
"""

OWN = """
UPDATE catalog_implementationitem i SET version_id = v.id FROM catalog_itemversion v
WHERE v.item_id = i.id AND i.region_id ~>=~ %(from)s AND i.region_id ~<~ %(to)s
"""


def _columns(table: str, leave: set[str]) -> list[str]:
    with connection.cursor() as cursor:
        return [c.name for c in connection.introspection.get_table_description(cursor, table) if c.name not in leave]


def counted() -> int:
    """Implementations there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_implementationitem")
        return int(cursor.fetchone()[0])


def fill(count: int, *, banner: str = "150724", own: int = 2) -> int:
    """Copy the banner until there are at least `count` implementations; returns how many there are then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM catalog_implementationitem WHERE region_id LIKE %s AND version_id IS NOT NULL",
            [banner + "%"],
        )
        each = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT coalesce(max(left(code, 6))::int + 1, %s) FROM identity_region WHERE code LIKE '9%%'", [FIRST]
        )
        start = int(cursor.fetchone()[0])
    if not each:
        raise SystemExit("No published implementations to copy: build the demonstration banner first.")
    end = start + max(0, -(-(count - counted()) // each))
    same = _columns("catalog_implementationitem", {"id", "slug", "impl_code", "catalog_item_id", "org_id", "region_id", "base_id", "version_id"})  # fmt: skip
    items = ITEMS.format(same=", ".join(same), same_i=", ".join(f"i.{c}" for c in same))
    for low in range(start, end, STEP):
        given = {"low": low, "high": min(low + STEP, end) - 1, "banner": banner}
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in (REGIONS, ORGS, items, BASES):
                cursor.execute(statement, given)
    _own_versions(start, min(start + own, end))
    for low in range(start + own, end, STEP):
        _unequal(low, min(low + STEP, end), ONE_IN if count > 10_000 else FEW_IN)
    with connection.cursor() as cursor:
        for table in ("identity_region", "identity_org", "catalog_implementationitem", "catalog_itemversion"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return counted()


def _own_versions(low: int, high: int) -> None:
    if low >= high:
        return
    same = _columns("catalog_itemversion", {"id", "item_id"})
    given = {"from": str(low), "to": str(high)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(VERSIONS.format(same=", ".join(same), same_v=", ".join(f"v.{c}" for c in same)), given)
        cursor.execute(OWN, given)


def _unequal(low: int, high: int, one_in: int) -> None:
    same = _columns("catalog_itemversion", {"id", "item_id", "content"})
    statement = UNEQUAL.format(same=", ".join(same), same_v=", ".join(f"v.{c}" for c in same))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"from": str(low), "to": str(high), "one_in": one_in})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--own", type=int, default=2)
    asked = parser.parse_args()
    began = time.perf_counter()
    print(f"{fill(asked.count, own=asked.own)} implementations, {time.perf_counter() - began:.0f} s")
    return 0


if __name__ == "__main__":
    import os

    import django

    from config import home, postgres

    os.environ.setdefault("DATABASE_URL", postgres.database_url(home.home(), temporary=False, say=print))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    sys.exit(main())
