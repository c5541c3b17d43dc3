"""Every form of every item can be filled in."""

from datetime import date
from pathlib import Path

import pytest
import yaml

import siban.catalog
from siban.catalog import content
from siban.catalog.elements.samples import filled
from siban.catalog.forms import form_fields

REFERENCE = Path(siban.catalog.__file__).parent / "reference"
TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("path", sorted((REFERENCE / "departments").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_form_has_an_answer_that_is_accepted(path: Path) -> None:
    for said in yaml.safe_load(path.read_text())["items"]:
        item = content.read(said)
        specs = form_fields(item, [m.id for m in item.materials if m.is_form and m.form_fields])
        values = filled(specs, today=TODAY)
        wrong = {s.element: s.check(values[s.element], values=values, today=TODAY) for s in specs}
        assert {k: v for k, v in wrong.items() if v} == {}, item.id
