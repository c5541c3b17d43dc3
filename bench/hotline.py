"""Section **hotline**: lists, search, wall, hot spots, rates and the help beside the words, at 10,000 and at 1,000,000 orders."""

import random
import statistics
import time
from collections.abc import Callable, Iterator

from django.db import connection

FEW, EACH, GOAL, HELP_MS = 10_000, 9, 1.3, 150.0
INSERT = """
INSERT INTO hotline_order (id, number, channel, text, place, region_id, caller_name, caller_phone, caller_key, is_secret, nature, leaf,
  leaf_name, demands, level, is_urgent, is_emergency, emergency_line, is_long_term, is_unreasonable, is_difficult, is_ruled, out_of_scope,
  right_door, outcome, article, state, lead_id, first_lead_id, weight, merged_from, received_at, dispatched_at, contacted_at, handled_at,
  replied_at, closed_at, limit_words, due_at, contact_by, step, warned, step_warned, returns, redos, transfers, extensions, extension, attempts, has_visit,
  no_visit_reason, is_solved, is_satisfied, was_late, improper_returns, asked_by, reviewed_by, hands, words)
SELECT gen_random_uuid(), 'RX2026' || lpad((900000 + g.n)::text, 8, '0'), 'phone', s.text, s.place, s.town, '', '', 'K' || (g.n %% 40000), false,
  s.nature, s.leaf, s.leaf_name, '[]', 'community', false, false, '', false, false, false, false, '', '', '', '',
  CASE WHEN g.n <= 200 THEN 'handling' ELSE 'closed' END, s.lead, s.lead, 1, '', t.at, t.at + interval '20 minutes', t.at + interval '3 hours',
  CASE WHEN g.n <= 200 THEN NULL ELSE t.at + interval '2 days' END, CASE WHEN g.n <= 200 THEN NULL ELSE t.at + interval '2 days' END,
  CASE WHEN g.n <= 200 THEN NULL ELSE t.at + interval '3 days' END, '', t.at + interval '3 days', t.at + interval '1 day', '', 0, 0, 0, 0, 0, 0, '{}', 0, true, '',
  CASE WHEN g.n <= 200 THEN NULL ELSE g.n %% 9 <> 0 END, CASE WHEN g.n <= 200 THEN NULL ELSE g.n %% 7 <> 0 END, false, 0, '', '', '[]', s.words
FROM generate_series(%s::int, %s::int) AS g(n)
CROSS JOIN LATERAL (SELECT now() - (g.n %% 525600) * interval '1 minute' - interval '1 hour' AS at) t
CROSS JOIN LATERAL (SELECT * FROM bench_hotline b WHERE b.n = g.n %% %s::int) s
"""


def fill(start: int, end: int) -> None:
    """Orders like those that ship, over a year, two hundred of them still open: what is worked on does not grow with what is past."""
    from siban.hotline.helping.training import shipped_orders
    from siban.hotline.wording import terms
    from siban.identity.api import Org

    lead = Org.objects.get(code="housing_construction").pk
    rows = shipped_orders()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS bench_hotline (n int, text text, place text, town text, nature text, leaf text, leaf_name text, lead uuid, words tsvector)")  # fmt: skip
        cursor.execute("TRUNCATE bench_hotline")
        cursor.executemany(
            "INSERT INTO bench_hotline VALUES (%s, %s, %s, %s, %s, %s, %s, %s, array_to_tsvector(%s::text[]))",
            [
                (n, r["text"], r["place"], r["township_code"], r["gold"]["nature"], r["gold"]["leaf"], r["gold"]["leaf_name"], lead, terms(f"{r['text']} {r['place']}"))
                for n, r in enumerate(rows)
            ],
        )  # fmt: skip
        cursor.execute(INSERT, [start, end, len(rows)])
        cursor.execute("VACUUM ANALYZE hotline_order")


def _median(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(EACH):
        began = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


PAGES = {
    "list, newest": "/desk/hotline/?tab=all", "list, late": "/desk/hotline/?tab=late", "list of one category": "/desk/hotline/?tab=all&leaf=030101",
    "search": "/desk/hotline/?tab=all&q=暖气不热", "wall": "/desk/hotline/wall/", "hot spots, 30 days": "/desk/hotline/hotspots/?days=30",
}  # fmt: skip
TEXTS = (
    "暖气不热家里只有十三度老人受不了", "路灯坏了三盏晚上黑得看不见", "工地干了半年工钱一分没给", "草场边界让邻居的围栏挪了", "楼上漏水把我家泡了物业不管",
    "低保停了没人说为什么", "垃圾箱满了一个礼拜没人拉", "班车取消了去不了医院",
)  # fmt: skip


def measured() -> dict[str, float]:
    """Median milliseconds of each page, and the 95th percentile of the help."""
    from django.test import Client

    from siban.identity.seeds import account_of
    from siban.kernel import measures

    desk = Client()
    desk.force_login(account_of("paidan"))

    def opened(address: str) -> None:
        assert desk.get(address).status_code == 200, address

    found = {name: _median(lambda a=address: opened(a)) for name, address in PAGES.items()}  # type: ignore[misc]
    rates = [measures.REGISTRY[s] for s in ("hotline_on_time_close_rate", "hotline_satisfaction_rate", "hotline_resolution_rate", "overdue_open_orders")]  # fmt: skip
    found["rates by unit"] = _median(lambda: measures.figures(rates, by="org"))
    dice, taken = random.Random(5), []
    for _ in range(40):
        began = time.perf_counter()
        answer = desk.post(
            "/desk/hotline/new/help/",
            {"text": dice.choice(TEXTS), "town": "150724110000", "caller_phone": "0470-0000001"},
        )
        assert answer.status_code == 200
        taken.append(1000 * (time.perf_counter() - began))
    found["help beside the words, P95"] = sorted(taken)[37]
    return found


def section(many: int) -> Iterator[str]:
    """Fill, measure, fill up, measure again."""
    fill(1, FEW)
    few = measured()
    yield f"at {FEW:,} orders: " + ", ".join(f"{k} {v:.1f} ms" for k, v in few.items())
    fill(FEW + 1, many)
    grown = measured()
    yield f"at {many:,} orders: " + ", ".join(f"{k} {v:.1f} ms" for k, v in grown.items())
    for name, before in few.items():
        ratio = grown[name] / before
        if name.startswith("help"):
            yield f"{name:<28} {grown[name]:.1f} ms (goal ≤ {HELP_MS:.0f} ms) {'ok' if grown[name] <= HELP_MS else 'SHORT'}"
        else:
            yield f"{name:<28} grew {ratio:.2f} times (goal ≤ {GOAL}) {'ok' if ratio <= GOAL else 'SHORT'}"
