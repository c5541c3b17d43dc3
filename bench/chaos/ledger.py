"""What the clients were told was done, on disk before they go on: the other side of the database's own account."""

import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any


class Ledger:
    """One line an acknowledged act, flushed to the disk."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows = path, list[dict[str, Any]]()
        self.retried: Counter[str] = Counter()
        self.strange: list[str] = []
        self._file = path.open("ab")
        self._lock = threading.Lock()

    def acknowledged(self, act: str, **said: Any) -> None:
        """The server said yes; from now on this must hold."""
        row = {"act": act, **said}
        with self._lock:
            self._file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.rows.append(row)

    def again(self, why: str) -> None:
        """No answer, or one that says to try later: the same act is sent again."""
        with self._lock:
            self.retried[why] += 1

    def wonder(self, sentence: str) -> None:
        """An answer that neither acknowledges nor asks to try again."""
        with self._lock:
            self.strange.append(sentence)

    def __len__(self) -> int:
        with self._lock:
            return len(self.rows)
