"""The example library: everything in the files is there, once, published by the procedure."""

import copy
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import IntegrityError, connection, transaction

from siban.catalog import actions, loading, rules
from siban.catalog.flow import ItemState
from siban.catalog.models import CatalogItem, DataElement, ImplementationItem, ItemVersion, MaterialGrain, Venue
from siban.identity.models import Org, Region
from siban.kernel import journal
from siban.kernel.imports import ImportRefused

from .conftest import AT, acting

FILES = Path(loading.__file__).parent / "reference"


def said(name: str) -> Any:
    return yaml.safe_load((FILES / name).read_text(encoding="utf-8"))


def test_the_files_count_what_the_library_holds(library: None) -> None:
    banner = [i for f in (FILES / "departments").glob("*.yaml") for i in yaml.safe_load(f.read_text())["items"]]
    lower = said("townships.yaml")["items"] + said("villages.yaml")["items"]
    places = [p for i in lower for p in i["implementations"]]
    assert ImplementationItem.objects.filter(level=4).count() == len(banner) == 145
    assert ImplementationItem.objects.count() == len(banner) + len(places)
    assert CatalogItem.objects.count() == len({i["basic_code"] for i in [*banner, *lower]})
    assert DataElement.objects.count() == len(said("data_elements.yaml")["data_elements"])
    assert MaterialGrain.objects.count() == len(said("materials.yaml")["grains"])
    windows = said("townships.yaml")["organisations"] + said("villages.yaml")["organisations"]
    assert Venue.objects.count() == len(said("venues.yaml")["venues"]) + len(windows)
    kinds = Counter(Org.objects.values_list("kind", flat=True))
    assert (kinds["township"], kinds["village"]) == (10, 14)
    assert Org.objects.filter(code="gov_service").exists()


def test_every_item_is_published_with_the_content_of_its_file(library: None) -> None:
    assert set(ImplementationItem.objects.values_list("state", flat=True)) == {"published"}
    for file in (FILES / "departments").glob("*.yaml"):
        for item in yaml.safe_load(file.read_text())["items"]:
            version = ItemVersion.objects.get(item__slug=item["id"])
            assert version.content == loading.plain(item)
            assert version.content_hash == rules.content_hash(version.content)
            assert version.elements.impl_code == item["impl_code"]


def test_lower_levels_have_their_own_window_and_the_base_elements(library: None) -> None:
    item = ImplementationItem.objects.select_related("version", "base__version", "org").get(
        slug="township.social_card.150724110000"
    )
    assert item.version
    assert item.base
    assert item.base.version
    assert item.version.content["windows"][0]["venue_id"] == "V-EWK-T02"
    assert item.version.content["dept_uscc"] == item.org.uscc
    assert item.version.content["legal_basis"] == item.base.version.content["legal_basis"]


def test_the_same_import_twice_changes_nothing(library: None) -> None:
    before = journal_rows()
    assert all(done.added == done.changed == 0 for done in loading.load(None, AT))
    assert journal_rows() == before
    assert not CatalogItem.objects.filter(presented_by=None).exists(), "an import must not hide items from the search"


def journal_rows() -> int:
    from siban.kernel.models import JournalEntry

    return JournalEntry.objects.count()


def test_the_journal_of_the_import_is_whole_and_tells_each_step(library: None) -> None:
    assert list(journal.verify()) == []
    item = ImplementationItem.objects.get(slug="civil_affairs.marriage")
    told = [(e.move, e.source, e.target) for e in journal.timeline(item)]
    assert [m for m, _, _ in told] == ["assign", "claim", "draft", "self_check", "submit", "review", "publish"]
    assert all(a[2] == b[1] for a, b in itertools.pairwise(told))


def test_a_changed_file_makes_the_next_version(library: None) -> None:
    item = ImplementationItem.objects.select_related("version", "org").get(slug="civil_affairs.marriage")
    assert item.version
    content = copy.deepcopy(item.version.content)
    content["office_hours"] = "星期一至星期五：上午09:00-12:00（法定节假日除外）"
    listed = loading.Listed(item.slug, item.org, content, item.version.elements)
    done = loading.keep_items([listed], at=AT)
    assert (done.added, done.changed) == (0, 1)
    item.refresh_from_db()
    assert item.version.number == 2
    assert item.version.content["office_hours"] == content["office_hours"]
    assert item.versions.get(number=1).retired_at == AT
    assert loading.keep_items([listed], at=AT).changed == 0


@pytest.mark.parametrize(
    "change", ["content = '{}'", "number = 9", "is_published = false", "item_id = gen_random_uuid()"]
)
def test_the_database_refuses_to_change_a_published_version(library: None, change: str) -> None:
    version = ItemVersion.objects.filter(is_published=True).order_by("pk").first()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE catalog_itemversion SET {change} WHERE id = %s", [version.pk])


def test_the_database_refuses_to_delete_a_published_version(library: None) -> None:
    version = ItemVersion.objects.filter(is_published=True).order_by("pk").first()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_itemversion WHERE id = %s", [version.pk])


def test_wrong_files_are_refused_with_every_fault_and_nothing_is_kept(library: None, tmp_path: Path) -> None:
    folder = tmp_path / "departments"
    folder.mkdir()
    wrong = said("departments/finance.yaml")
    wrong["items"][0]["impl_code"] = wrong["items"][0]["impl_code"][:-1] + "9"
    wrong["items"].append({**copy.deepcopy(wrong["items"][0]), "id": "finance.two", "promised_limit": "五天"})
    (folder / "finance.yaml").write_text(yaml.safe_dump(wrong, allow_unicode=True))
    (folder / "nobody.yaml").write_text("department: {id: nobody}\nitems: []\n")
    before = ImplementationItem.objects.count()
    with pytest.raises(ImportRefused) as refused:
        loading.load(tmp_path, AT)
    told = "\n".join(refused.value.sentences)
    assert "实施编码应为" in told
    assert "promised_limit" in told
    assert "nobody" in told
    assert ImplementationItem.objects.count() == before


def test_a_file_that_is_no_yaml_is_refused_with_its_line(tmp_path: Path, library: None) -> None:
    (tmp_path / "departments").mkdir()
    (tmp_path / "departments" / "x.yaml").write_text("department: {id: [}\n")
    with pytest.raises(ImportRefused, match="第 1 行"):
        loading.load(tmp_path, AT)


def test_regions_hang_together(library: None) -> None:
    for region in Region.objects.select_related("parent"):
        if region.parent:
            assert region.parent.level < region.level
            assert region.code.startswith(region.parent.code.rstrip("0")[:2])
        else:
            assert region.code == "150000000000"


def test_an_item_lives_from_assignment_to_cancellation(library: None) -> None:
    manager, chief = acting("dept_admin", "civil_affairs"), acting("service_admin", "gov_service")
    base = CatalogItem.objects.create(basic_code="150799999000", name="演示事项", item_type="07", exercise_levels=[4])
    org = Org.objects.get(code="civil_affairs")
    item = actions.assign(catalog_item=base, org=org, slug="civil_affairs.demo", by=chief, at=AT)
    actions.claim(item=item.pk, by=manager, at=AT)
    draft = actions.draft(item=item.pk, by=manager, at=AT)
    pattern = ItemVersion.objects.get(item__slug="civil_affairs.marriage").content
    taken = ("name", "basic_code", "impl_code", "id", "legal_basis")
    content = {**pattern, **{k: draft.content[k] for k in taken}, "legal_basis": pattern["legal_basis"]}
    draft = actions.save_draft(item=item.pk, content=content, seen=draft.content_hash, by=manager, at=AT)
    actions.self_check(item=item.pk, by=manager, at=AT)
    actions.submit(item=item.pk, by=manager, at=AT)
    actions.send_back(item=item.pk, reason="请补充咨询电话", by=chief, at=AT)
    actions.self_check(item=item.pk, by=manager, at=AT)
    actions.submit(item=item.pk, by=manager, at=AT)
    actions.review(item=item.pk, by=chief, at=AT)
    version = actions.publish(item=item.pk, by=chief, at=AT)
    assert version.content["guide_versions"] == dict.fromkeys(("pc", "mobile", "window", "kiosk", "tv"), 1)
    actions.suspend(item=item.pk, reason="系统升级期间", by=chief, at=AT)
    actions.resume(item=item.pk, by=chief, at=AT)
    actions.cancel(item=item.pk, reason="目录已经取消", document_number="演示发〔2026〕1号", by=chief, at=AT)
    item.refresh_from_db()
    assert item.state == ItemState.CANCELLED
    assert list(journal.verify()) == []
