"""A library that grows: finding, opening, editing and publishing one item, and the check of all, at 1,600 and at many items."""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from bench.linting import held

FEW = 1_600
EACH = 15  # times each act is done at a size; medians are printed


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of one act at one size."""

    act: str
    median: float


def section(items: int, fill: Callable[[int], int]) -> Iterator[str]:
    """The section **library** of `make bench`.

    Args:
        items: how many implementations to grow to.
        fill: copies banners until there are so many; gives how many there are then.
    """
    found: list[dict[str, float]] = []
    for turn, count in enumerate((FEW, items)):
        there = fill(count)
        acts = {m.act: m.median for m in measured(turn)}
        found.append(acts)
        yield f"among {there:,} implementations: " + ", ".join(f"{a} {ms:.1f} ms" for a, ms in acts.items())
        yield from checked(there)
    few, many = found
    for act in few:
        grown = many[act] / few[act] if few[act] else 0.0
        goal = 3.0 if act.startswith("search") else 1.5  # "no slower", with room for noise
        yield f"{act:<22} grew {grown:.2f} times (goal ≤ {goal}) {'ok' if grown <= goal else 'SHORT'}"


def _median(act: Callable[[], object], times: int = EACH) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


ITEMS = ("market_regulation.food_business", "market_regulation.food_workshop")  # one a size: versions pile up on it


def measured(turn: int) -> Iterator[Measured]:
    """Each act by a person of its office, on items of one banner; at the second size on items not yet touched."""
    from django.test import Client

    from bench import searching
    from siban.catalog.api import ImplementationItem
    from siban.identity.seeds import account_of

    asked = list(searching.queries())
    searching.tried(asked[:50])
    yield Measured("search P95", searching.percentile(searching.tried(asked), 0.95))
    item = ImplementationItem.objects.select_related("org").get(slug=ITEMS[turn])
    visitor, manager = Client(), Client()
    manager.force_login(account_of("shixiang"))
    codes = list(
        ImplementationItem.objects.filter(region_id=item.region_id, state="published").order_by("slug")[EACH * turn : EACH * (turn + 1)]
        .values_list("impl_code", flat=True)
    )  # fmt: skip
    fresh = iter(codes)
    yield Measured("open a guide", _median(lambda: _ok(visitor.get(f"/items/{next(fresh)}/"))))
    yield Measured("open the list", _median(lambda: _ok(manager.get("/desk/items/"))))
    yield Measured("open 三级N同", _median(widest))
    yield Measured("open an item", _median(lambda: _ok(manager.get(f"/desk/items/{item.pk}/"))))
    edits = _Changes(item)
    yield Measured("edit", _median(edits.edit))
    yield Measured("publish", _median(edits.publish))


def widest() -> None:
    """The page of unequal elements for somebody who has every region in sight."""
    from django.test import RequestFactory

    from siban.catalog import desk_changes
    from siban.kernel.actor import Actor

    request = RequestFactory().get("/desk/items/unequal/")
    request.actor = Actor(kind="staff", name="演示·督查员", role="supervisor", region_prefix="")  # type: ignore[attr-defined]
    _ok(desk_changes.unequal.__wrapped__(request))


def _ok(response: Any) -> None:
    if response.status_code != 200:
        raise RuntimeError(
            f"{getattr(response, 'request', {}).get('PATH_INFO', 'a page')} answered {response.status_code}"
        )


class _Changes:
    """The same small change of one item, again and again, through every step of the procedure."""

    def __init__(self, item: Any) -> None:
        from siban.identity import actors
        from siban.identity.seeds import account_of
        from siban.kernel import clock

        self.item, self.count = item, 0
        day = clock.local_day(clock.now())
        self.manager, self.chief = (
            actors.of_post(a, actors.posts_of(a, day=day)[0]) for a in (account_of("shixiang"), account_of("zhengwu"))
        )

    def at(self) -> Any:
        from siban.kernel import clock

        self.count += 1
        return clock.now() + timedelta(seconds=self.count)

    def edit(self) -> None:
        """Save a draft with one element changed; the draft is opened outside of what is timed the first time only."""
        from siban.catalog import actions
        from siban.catalog.models import ItemVersion

        version = ItemVersion.objects.filter(item_id=self.item.pk, is_published=False).first()
        if version is None:
            version = actions.request_change(
                item=self.item.pk, reason="量测：调整办理条件", by=self.manager, at=self.at()
            )
        hours = f"无（第 {self.count} 次量测）"
        content = {**version.content, "quantity_limit": hours}
        actions.save_draft(
            item=self.item.pk, content=content, seen=version.content_hash, by=self.manager, at=self.at()
        )

    def publish(self) -> None:
        """A change from its request to its publication."""
        from siban.catalog import actions

        self.edit()
        actions.self_check(item=self.item.pk, by=self.manager, at=self.at())
        actions.submit(item=self.item.pk, by=self.manager, at=self.at())
        actions.review(item=self.item.pk, by=self.chief, at=self.at())
        actions.publish(item=self.item.pk, by=self.chief, at=self.at())


def checked(there: int) -> Iterator[str]:
    """The check of every item as the daily check reads them; items a second, and memory with that of its processes."""
    from siban.catalog.linting.database import check_all

    with Watched() as memory:
        began = time.perf_counter()
        summary = check_all()
        took = time.perf_counter() - began
    found = summary.errors + summary.warnings
    yield (
        f"check of all {summary.items:,} items of {there:,}: {took:.1f} s, {summary.items / took:,.0f} a second, {found} findings, "
        f"peak memory {memory.most:.0f} MiB, {memory.most - memory.before:.0f} more than before (its processes counted in)"
    )


class Watched:
    """The most memory held by this process and its children while something is done, in MiB."""

    def __init__(self) -> None:
        self.before = self.most = held(os.getpid())
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._done.wait(0.5):
            self.most = max(self.most, held(os.getpid()))

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *why: object) -> None:
        self._done.set()
        self._watch.join()
