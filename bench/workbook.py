"""Workbooks of items for measuring: `python -m bench.workbook OUT.xlsx --items 100000` makes one from the example library
(materials, steps and fields as they are, codes counted up); `python -m bench.workbook OUT.xlsx --read` reads it: how long
and how much memory the spreadsheet library alone takes, and how much more building the contents costs.
"""

import argparse
import gc
import os
import resource
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "siban" / "catalog" / "reference"


def examples() -> list[dict[str, Any]]:
    """The banner's own items."""
    from siban.catalog.loading import plain, read_yaml

    files = sorted((FOLDER / "departments").glob("*.yaml"))
    return [plain(item) for file in files for item in read_yaml(file)["items"]]


def numbered(count: int) -> Iterator[Any]:
    """So many items with codes of their own."""
    from siban.catalog.workbook.writing import Written

    for number, content in enumerate(islice(cycle(examples()), count)):
        basic = f"00{content['item_type']}{number:08d}"
        code = f"{content['impl_code'][:19]}{basic}"
        yield Written({**content, "id": f"{content['id']}.{number}", "basic_code": basic, "impl_code": code})


def peak() -> float:
    """Most memory so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def alone(path: Path) -> tuple[float, int]:
    """Seconds of processor and cells of reading every sheet with the library alone."""
    from python_calamine import CalamineWorkbook

    begun, cells = time.process_time(), 0
    book = CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        for row in book.get_sheet_by_name(name).iter_rows():
            cells += len(row)
    return time.process_time() - begun, cells


def built(path: Path) -> tuple[float, int]:
    """Seconds of processor and items of reading them as contents."""
    from siban.catalog.workbook import reading

    begun, count = time.process_time(), 0
    for entry in reading.opened(path).items():
        assert not entry.faults, str(entry.faults[0])
        count += 1
    return time.process_time() - begun, count


def main() -> None:
    told = argparse.ArgumentParser(description="workbooks of items for measuring")
    told.add_argument("path", type=Path)
    told.add_argument("--items", type=int, default=100_000)
    told.add_argument("--read", action="store_true")
    told.add_argument("--rounds", type=int, default=1)
    said = told.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")  # no database is asked for anything
    import django

    django.setup()
    if not said.read:
        from siban.catalog.workbook import writing

        begun = time.process_time()
        count = writing.write(said.path, numbered(said.items))
        print(
            f"{count} items written in {time.process_time() - begun:.1f} s, {said.path.stat().st_size / 2**20:.0f} MB, peak {peak():.2f} GB"
        )
        return
    for _ in range(said.rounds):
        first, cells = alone(said.path)
        gc.collect()
        print(f"library alone: {first:.2f} s, {cells} cells, peak {peak():.2f} GB")
        second, count = built(said.path)
        gc.collect()
        print(
            f"contents of {count} items: {second:.2f} s; building costs {(second - first) / first:.2f} of reading; {count / second:.0f} items/s; peak {peak():.2f} GB"
        )


if __name__ == "__main__":
    main()
