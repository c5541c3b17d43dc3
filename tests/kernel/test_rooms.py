"""What the house rests on at its opening: rooms are found, prefixes of regions can be asked for, sheets draw again."""

import pytest
from django.apps import apps

from siban.identity.api import Org, Region
from siban.kernel import papers
from siban.kernel.papers.drawing import qr_svg
from siban.kernel.room import Room


def test_every_room_is_opened_by_its_own_config() -> None:
    rooms = [c for c in apps.get_app_configs() if c.name.startswith("siban.") and c.name != "siban.kernel"]
    assert len(rooms) == 12
    assert [c.name for c in rooms if not isinstance(c, Room)] == []


@pytest.mark.django_db
def test_the_prefix_of_a_region_code_selects_its_subtree() -> None:
    for code in ("150724000000", "150724100000", "150725000000"):
        region, _ = Region.objects.get_or_create(code=code, defaults={"name": f"演示{code}", "level": 4})
        Org.objects.create(
            code=f"prefix-{code}", name=f"演示局{code}", short_name="演示", kind="government", region=region
        )
    found = set(Org.objects.within("150724").filter(code__startswith="prefix-").values_list("code", flat=True))
    assert found == {"prefix-150724000000", "prefix-150724100000"}


def test_a_sheet_draws_again_and_again_with_the_same_bytes() -> None:
    content = {
        "title": "收件凭证", "number": "演示收〔2026〕1号", "issued_by": "演示旗民政局", "issued_on": "2026-03-02", "law": "演示",
        "verify_code": "ABCDEFGH2345", "qr": qr_svg("https://demo.example/"), "applicant": "演示甲", "item": "演示事项",
    }  # fmt: skip
    first = papers.draw("cases/notice.typ", content)
    papers.draw("cases/notice.typ", {**content, "title": "受理通知书"})
    assert papers.draw("cases/notice.typ", content) == first
