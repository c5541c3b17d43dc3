"""A large source checked by several processes: each takes every so-manieth portion, the findings come in order."""

import gc
import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from siban.kernel.checks import CheckError
from siban.kernel.flow import Refused

from .sources import Shared

if TYPE_CHECKING:
    from .inspection import Inspection, Row, Summary

ENDED = "ended"


def _work(source: Shared, share: int, of: int, told: "Inspection", out: Connection) -> None:
    """One process: its portions, each with its findings and counts; a refusal is handed over, not printed."""
    gc.freeze()
    gc.disable()  # an item's content has no rings; each is let go as soon as it has been checked
    try:
        for portion in source.portions(share, of):
            out.send(told.portion(portion))
        out.send(ENDED)
    except (CheckError, Refused) as why:
        out.send(why)
    except (BrokenPipeError, KeyboardInterrupt):
        pass  # nobody wants to know any more
    finally:
        out.close()


def portions(source: Shared, of: int, told: "Inspection") -> Iterator[tuple[list["Row"], "Summary"]]:
    """Findings and counts of every portion, in the order of the source. Raises what a process refuses with."""
    ways = multiprocessing.get_context("fork")
    ends: list[Connection] = []
    workers: list[Any] = []
    try:
        for share in range(of):
            ours, theirs = ways.Pipe(duplex=False)
            worker = ways.Process(target=_work, args=(source, share, of, told, theirs), daemon=True)
            worker.start()
            theirs.close()
            ends.append(ours)
            workers.append(worker)
        turn = 0
        while True:
            try:
                said = ends[turn % of].recv()
            except EOFError:
                raise CheckError("检查的一个进程意外中断，结果不完整。请确认内存够用，再检查一次。") from None
            if said == ENDED:
                return
            if isinstance(said, Exception):
                raise said
            yield said
            turn += 1
    finally:
        for end in ends:
            end.close()
        for worker in workers:
            if worker.is_alive():
                worker.terminate()
            worker.join()
