"""`make chaos`: kill -9 at random moments under 32 clients, then compare what was acknowledged with what is there.

CHAOS_KILLS (200) says how often, CHAOS_SEED which draw, CHAOS_PORT where, CHAOS_PART (`cases`) who works: `hotline` sends in 32 operators
and 64 handlers instead. The last line is the summary, the exit status
the verdict.
"""

import os
import random
import sys
import threading
import time
from collections import Counter

from bench.chaos import audit, hotline, people, template
from bench.chaos.ledger import Ledger
from bench.chaos.product import KINDS, Product
from bench.house import free_port

WARM_UP = 6.0  # seconds until there is work in every hand
BETWEEN = (0.5, 4.0)  # seconds between the house being open again and the next kill
LEFTOVERS = 25.0  # seconds in which nothing new is handed in and what is under way is finished


def main() -> int:
    kills = int(os.environ.get("CHAOS_KILLS", "200"))
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**9))
    port = int(os.environ.get("CHAOS_PORT") or free_port())
    chance = random.Random(seed)
    part = os.environ.get("CHAOS_PART", "cases")
    print(
        f"{kills} kills, seed {seed}, port {port}, {(hotline if part == 'hotline' else people).CLIENTS} clients",
        flush=True,
    )
    with Product(port) as product:
        os.environ |= {"SIBAN_HOME": str(product.home), "DATABASE_URL": product.url()}
        ledger = Ledger(product.home / "ledger.jsonl")
        stage, client_id = _stage(port, ledger, seed)
        threads: list[threading.Thread]
        if part == "hotline":
            threads = list(hotline.crowd(hotline.Floor(port, ledger, stage.over, stage.ending, seed)))
        else:
            threads = [threading.Thread(target=one.run, daemon=True) for one in people.crowd(stage)]
        for one in threads:
            one.start()
        done, longest = _kill(product, kills, chance, ledger)
        stage.ending.set()
        product.wait_until_open()
        time.sleep(LEFTOVERS)
        stage.over.set()
        for one in threads:
            one.join(30)
        product.wait_until_open()
        found = hotline.audit(ledger) if part == "hotline" else audit.audit(ledger, client_id)
    return _verdict(ledger, found, done, longest, seed, asked=kills)


def _stage(port: int, ledger: Ledger, seed: int) -> "tuple[people.Stage, people.uuid.UUID]":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    from siban.exchange import api as exchange
    from siban.identity.api import Org
    from siban.kernel import clock
    from siban.kernel.actor import SYSTEM

    org = Org.objects.get(code="gov_service")
    client, bearer = exchange.register_client(
        name="演示·业务系统", org=org, role="window_clerk", region_code=org.region_id, scopes=["applications"], by=SYSTEM,
        at=clock.now(),
    )  # fmt: skip
    today = clock.local_day(clock.now())
    templates = {"single": template.of(template.SINGLE, today), "double": template.of(template.DOUBLE, today)}
    connection.close()
    stage = people.Stage(port, ledger, threading.Event(), threading.Event(), people.Board(), templates, bearer, seed)
    return stage, client.pk


def _kill(product: Product, kills: int, chance: random.Random, ledger: Ledger) -> tuple[Counter[str], float]:
    done: Counter[str] = Counter()
    longest = 0.0
    time.sleep(WARM_UP)
    while done.total() < kills:
        time.sleep(chance.uniform(*BETWEEN))
        target = product.kill(chance)
        if target is None:
            continue
        done[target.kind] += 1
        before = len(ledger)
        if chance.random() < 0.7:  # three in ten times the next kill comes while the house is still getting up
            closed = product.wait_until_open()
            longest = max(longest, closed)
            print(
                f"{done.total():>4} {target.kind:<18} open again after {closed:5.1f} s, {before} acts acknowledged",
                flush=True,
            )
        else:
            print(f"{done.total():>4} {target.kind:<18} no waiting", flush=True)
    return done, longest


def _verdict(ledger: Ledger, found: audit.Found, done: Counter[str], longest: float, seed: int, *, asked: int) -> int:
    for line in ledger.strange[:20]:
        print(f"  unexpected answer: {line}")
    for kind, lines in (("lost", found.lost), ("doubled", found.doubled), ("wrong", found.wrong)):
        for line in lines[:20]:
            print(f"  {kind}: {line}")
    acts = Counter(row["act"] for row in ledger.rows)
    print("acknowledged: " + ", ".join(f"{n} {act}" for act, n in sorted(acts.items())))
    print("sent again: " + (", ".join(f"{n} × {why}" for why, n in ledger.retried.most_common()) or "nothing"))
    needed = (
        ("receive", "sign", "visit", "reply", "confirm")
        if acts["receive"]
        else ("submit", "accept", "start_review", "approve")
    )
    worked = all(acts[act] for act in needed) or asked == 0
    well = found.is_clean and not ledger.strange and worked and done.total() >= asked
    print(
        f"{'PASSED' if well else 'FAILED'}: {done.total()} kills ({', '.join(f'{done[k]} {k}' for k in KINDS)}), "
        f"{len(ledger)} acts acknowledged, {ledger.retried.total()} sent again, lost {len(found.lost)}, doubled "
        f"{len(found.doubled)}, wrong {len(found.wrong)}, unexpected answers {len(ledger.strange)}, "
        f"closed for {longest:.1f} s at most, seed {seed}"
    )
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
