"""The linter over a workbook of many items, against the spreadsheet library merely reading it: time of the wall and memory.

Both run as programs of their own, turn about; the workbook is made once and kept in the temporary folder.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ITEMS, FEW = 100_000, 10_000
GOALS = {1: 3.0, 2: 2.0}
READ = """
import sys
from python_calamine import CalamineWorkbook
book = CalamineWorkbook.from_path(sys.argv[1])
for name in book.sheet_names:
    for row in book.get_sheet_by_name(name).iter_rows():
        pass
"""


def workbook(items: int) -> Path:
    """A workbook of so many items, made when it is not there yet."""
    path = Path(tempfile.gettempdir()) / f"siban-workbook-{items}.xlsx"
    if not path.exists():
        beside = path.with_suffix(".making.xlsx")
        subprocess.run(
            [sys.executable, "-m", "bench.workbook", str(beside), "--items", str(items)], cwd=ROOT, check=True
        )
        beside.rename(path)
    return path


@dataclass(frozen=True, slots=True)
class Ran:
    """Seconds on the clock and of the processor; most MiB held at one time, children included."""

    seconds: float
    processor: float
    memory: float


def run(command: list[str], cores: set[int]) -> Ran:
    """A program on some cores."""
    began, all_cores = time.perf_counter(), os.sched_getaffinity(0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    os.sched_setaffinity(0, cores)  # a program inherits it
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.sched_setaffinity(0, all_cores)
    most = 0.0
    while process.poll() is None:
        most = max(most, held(process.pid))
        time.sleep(0.1)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(time.perf_counter() - began, used, most)


def held(pid: int) -> float:
    """MiB of a process and its children, what they share counted once."""
    found = 0.0
    for one in [pid, *children(pid)]:
        try:
            said = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        found += next((int(line.split()[1]) for line in said.splitlines() if line.startswith("Pss:")), 0) / 1024
    return found


def children(pid: int) -> list[int]:
    try:
        said = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [found for child in said.split() for found in (int(child), *children(int(child)))]


def section(items: int, rounds: int) -> Iterator[str]:
    """The section **lint** of `make bench`."""
    cores = sorted(os.sched_getaffinity(0))
    lint = [str(Path(sys.executable).with_name("siban")), "lint"]
    for count in (min(FEW, items), items):
        path = str(workbook(count))
        for used in sorted({1, min(2, len(cores))}):
            ours: list[Ran] = []
            theirs: list[Ran] = []
            for _ in range(rounds):
                theirs.append(run([sys.executable, "-c", READ, path], set(cores[:1])))
                ours.append(run([*lint, path], set(cores[:used])))
            mine, peer = (statistics.median(r.seconds for r in one) for one in (ours, theirs))
            work, alone = (statistics.median(r.processor for r in one) for one in (ours, theirs))
            ratio, goal = mine / peer, GOALS[used]
            judged = f" (goal ≤ {goal}) {'ok' if ratio <= goal else 'SHORT'}" if count == items else ""
            yield (
                f"lint of {count:,} items on {used} core{'s' if used > 1 else ''}: {mine:.1f} s; reading alone {peer:.1f} s; "
                f"ratio {ratio:.2f}{judged}; "
                f"processor {work:.1f} s and {alone:.1f} s; "
                f"memory {max(r.memory for r in ours):.0f} MiB and {max(r.memory for r in theirs):.0f} MiB"
            )
