"""The people and items the tests of cases share."""

from typing import Any

import pytest

from . import cast as standing


@pytest.fixture
def cast(db: Any) -> standing.Cast:
    return standing.cast()
