"""The cast of the figures."""

import pytest

from siban.oversight import seeds
from tests.cases import cast as standing


@pytest.fixture
def cast(db: None) -> standing.Cast:
    """Three published items of two departments, and the targets of the documents."""
    made = standing.cast(standing.SITUATED, standing.INSTANT)
    made.items[standing.FOR_FIRMS] = standing.publish(standing.FOR_FIRMS, org=made.orgs["other"])
    seeds.load_targets()
    return made
