"""The catalogue of materials: links are acts, published content stays, figures say before and after."""

import re
from typing import Any

import pytest
from django.test import Client

from siban.catalog import actions, grains
from siban.catalog.measures import CERT_FREE
from siban.catalog.models import ImplementationItem, ItemVersion, MaterialGrain
from siban.kernel.flow import Refused
from siban.kernel.measures import figures
from siban.kernel.models import JournalEntry

from .conftest import AT, acting, logged_in

GRAIN = "marriage_cert"


def test_a_link_is_journalled_and_changes_nothing_published(library: None) -> None:
    by, before = (
        acting("service_admin", "gov_service"),
        list(ItemVersion.objects.order_by("pk").values_list("content_hash", flat=True)),
    )
    actions.unlink_material(grain=GRAIN, by=by, at=AT)
    assert MaterialGrain.objects.get(pk=GRAIN).ecert_type_id == ""
    actions.link_material(grain=GRAIN, certificate="ec_marriage", by=by, at=AT)
    moves = JournalEntry.objects.filter(subject_id=GRAIN).order_by("seq").values_list("move", flat=True)
    assert list(moves) == ["unlink_material", "link_material"]
    assert list(ItemVersion.objects.order_by("pk").values_list("content_hash", flat=True)) == before


@pytest.mark.parametrize(
    ("certificate", "words"), [("ec_border_pass", "可调用"), ("nothing", "可调用"), ("ec_marriage", "已经关联")]
)
def test_a_wrong_link_is_refused_in_words(library: None, certificate: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        actions.link_material(grain=GRAIN, certificate=certificate, by=acting("service_admin", "gov_service"), at=AT)


def test_a_department_links_nothing(library: None) -> None:
    with pytest.raises(Refused, match="政务服务管理机构"):
        actions.unlink_material(grain=GRAIN, by=acting("dept_admin", "civil_affairs"), at=AT)


def test_departments_open_the_changes_of_their_own_items_in_one_go(library: None) -> None:
    actions.unlink_material(grain="id_card", by=acting("service_admin", "gov_service"), at=AT)
    by = acting("dept_admin", "civil_affairs")
    asking = list(grains.asking_for("id_card", by=by))
    mine = [i for i in asking if grains.can_follow(i, by=by)]
    assert mine
    page = logged_in("dept_admin", "civil_affairs").get("/desk/materials/id_card/").content.decode()
    assert set(re.findall(r'name="item" value="([^"]+)"', page)) == {str(i.pk) for i in mine}
    done = actions.follow_material(grain="id_card", items=[i.pk for i in asking], by=by, at=AT)
    good = {o.item for o in done if not o.why}
    assert good <= {i.pk for i in mine}
    assert good
    for pk in good:
        rows = ItemVersion.objects.get(item_id=pk, is_published=False).content["materials"]
        assert {r["ecert_type_id"] for r in rows if r.get("grain_id") == "id_card"} == {None}


def test_what_could_be_linked_says_the_figure_it_will_then_be(library: None) -> None:
    by = acting("service_admin", "gov_service")
    actions.unlink_material(grain=GRAIN, by=by, at=AT)
    subject = MaterialGrain.objects.get(pk=GRAIN)
    could = next(
        c for c in grains.could_be_linked(list(MaterialGrain.objects.order_by("pk")), by=by) if c.grain.pk == GRAIN
    )
    assert (could.certificate, could.why) == ("ec_marriage", "名称相同")
    items = grains.asking_for(GRAIN, by=by)
    assert could.items == items.count()
    ImplementationItem.objects.filter(pk__in=[i.pk for i in items]).update(
        has_linked_cert=True, has_callable_material=True, is_cert_free=True
    )
    now = figures([CERT_FREE])[CERT_FREE.slug][None]
    assert (could.ticked.hits, could.ticked.total) == (now.hits, now.total)
    assert subject.pk in logged_in("service_admin", "gov_service").get("/desk/materials/?link=could").content.decode()


def test_cert_free_is_ticked_only_after_a_link(library: None) -> None:
    by = acting("dept_admin", "civil_affairs")
    subject = ImplementationItem.objects.filter(
        org__code="civil_affairs", base=None, is_cert_free=False, version__isnull=False
    ).order_by("slug")[0]
    draft = actions.request_change(item=subject.pk, reason="勾选免证办", by=by, at=AT)
    bare = {**draft.content, "materials": [{**m, "ecert_type_id": None} for m in draft.content["materials"]]}
    bare["online"] = {**bare["online"], "is_cert_free": True}
    with pytest.raises(Refused, match="免证办"):
        actions.save_draft(item=subject.pk, content=bare, seen=draft.content_hash, by=by, at=AT)
    bare["materials"][0] = {**bare["materials"][0], "ecert_type_id": "ec_id_card"}
    actions.save_draft(item=subject.pk, content=bare, seen=draft.content_hash, by=by, at=AT)


def test_links_made_by_hand_survive_the_next_import(library: None) -> None:
    from pathlib import Path

    from siban.catalog import loading

    actions.unlink_material(grain=GRAIN, by=acting("service_admin", "gov_service"), at=AT)
    loading.keep_grains(Path(loading.REFERENCE))
    assert MaterialGrain.objects.get(pk=GRAIN).ecert_type_id == ""


def test_the_catalogue_costs_the_same_however_many_materials_it_has(
    library: None, django_assert_max_num_queries: Any
) -> None:
    browser = logged_in("service_admin", "gov_service")
    browser.get("/desk/materials/")
    with django_assert_max_num_queries(14):
        assert browser.get("/desk/materials/").status_code == 200
    assert browser.get("/desk/materials/export/").content[:2] == b"PK"


def test_only_managers_see_the_catalogue_and_only_the_authority_links(library: None) -> None:
    assert Client().get("/desk/materials/").status_code == 302
    assert logged_in("window_clerk", "gov_service").get("/desk/materials/").status_code == 403
    assert (
        logged_in("dept_admin", "civil_affairs").post(f"/desk/materials/{GRAIN}/link/", {"do": "unlink"}).status_code
        == 403
    )
    assert logged_in("service_admin", "gov_service").post("/desk/materials/id_card/items/").status_code == 403
