"""The cast can be brought on stage, in every state the procedure knows by act."""

import pytest

from . import cast as standing


@pytest.mark.django_db
@pytest.mark.parametrize("item_id", [standing.SITUATED, standing.INSTANT, standing.FOR_FIRMS])
def test_each_item_of_the_cast_can_be_applied_for(item_id):
    cast = standing.cast(item_id)
    assert standing.in_state(cast, "submitted", item_id).number


@pytest.mark.parametrize(
    "state", ["correcting", "not_accepted", "in_review", "rejected", "issued", "closed", "withdrawn"]
)
def test_a_case_reaches_the_state(cast, state):
    assert standing.in_state(cast, state).state == state
