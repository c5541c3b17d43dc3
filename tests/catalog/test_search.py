"""People find what they came for in their own words, by sound, and by initials."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bench import searching
from siban.catalog import actions, rules, search, wording
from siban.catalog.search import Wanted

from .conftest import AT

FIRST = {
    "办身份证": "public_security.id_card_apply",
    "身份证丢了": "public_security.id_card_apply",
    "身份证到期怎么换": "public_security.id_card_apply",
    "sfz": "public_security.id_card_apply",
    "SFZ": "public_security.id_card_apply",
    "shenfenzheng": "public_security.id_card_apply",
    "身分证": "public_security.id_card_apply",
    "饭馆怎么开": "market_regulation.food_business",
    "开饭馆": "market_regulation.food_business",
    "我想开个饭店需要什么材料": "market_regulation.food_business",
    "食品经营许可": "market_regulation.food_business",
    "spjyxk": "market_regulation.food_business",
    "奶茶店": "market_regulation.food_business",
    "开小卖部": "market_regulation.prepackaged_food_filing",
    "奶豆腐作坊": "market_regulation.food_workshop",
    "新生儿落户": "public_security.birth_household",
    "娃上户口": "public_security.birth_household",
    "孩子上户口": "public_security.birth_household",
    "迁户口": "public_security.household_move",
    "边防证": "public_security.border_pass",
    "领结婚证": "civil_affairs.marriage",
    "结婚": "civil_affairs.marriage",
    "jhdj": "civil_affairs.marriage",
    "离婚": "civil_affairs.divorce",
    "结婚证丢了": "civil_affairs.marriage_reissue",
    "低保": "civil_affairs.minimum_living",
    "dibao": "civil_affairs.minimum_living",
    "五保": "civil_affairs.extreme_poverty",
    "老人补贴": "civil_affairs.elderly_allowance",
    "高龄津贴": "civil_affairs.elderly_allowance",
    "社保卡": "human_resources_social_security.social_card",
    "社保卡丢了怎么补": "human_resources_social_security.social_card",
    "sbk": "human_resources_social_security.social_card",
    "失业金": "human_resources_social_security.unemployment_benefit",
    "创业贷款": "human_resources_social_security.startup_loan",
    "领养老金": "human_resources_social_security.resident_pension_receive",
    "交医保": "medical_insurance.resident_medical_enrol",
    "看病报销": "medical_insurance.medical_reimbursement",
    "异地看病": "medical_insurance.remote_medical_filing",
    "慢病": "medical_insurance.chronic_disease",
    "孩子上学": "education.compulsory_enrol",
    "教师资格证": "education.teacher_qualification",
    "残疾证": "disabled_persons_federation.disability_cert",
    "轮椅": "disabled_persons_federation.assistive_device",
    "房产过户": "natural_resources.realestate_transfer",
    "二手房": "natural_resources.realestate_transfer",
    "公租房": "housing_construction.public_rental",
    "草场": "forestry_grassland.grassland_temporary_use",
    "砍树": "forestry_grassland.tree_cutting",
    "养羊": "agriculture_science.animal_epidemic",
    "卖羊检疫": "agriculture_science.origin_quarantine",
    "拖拉机上牌": "agriculture_science.machine_register",
    "开公司": "market_regulation.company_establish",
    "办营业执照": "market_regulation.individual_establish",
    "注销营业执照": "market_regulation.individual_cancel",
    "开药店": "market_regulation.drug_retail",
    "网约车": "transport.ride_hailing_vehicle",
    "代开发票": "taxation.invoice_proxy",
    "烟草证": "tobacco.tobacco_retail",
    "装宽带": "china_unicom.broadband_install",
    "公证": "justice.notarization",
    "换驾照": "public_security.driving_licence_renew",
    "消防检查": "fire_rescue.public_gathering_fire",
    "打井": "water_resources.water_permit",
}


@pytest.mark.parametrize("question", sorted(FIRST))
def test_the_right_item_comes_first(library: None, question: str) -> None:
    found = search.find(question)
    assert found.hits, question
    assert found.hits[0].base_slug == FIRST[question], [(h.base_slug, h.score) for h in found.hits[:4]]
    assert found.hits[0].why


def test_animal_subsidy_lists_what_concerns_animals_first(library: None) -> None:
    assert search.find("养羊补贴").hits[0].base_slug.startswith("agriculture_science.")


def test_an_item_of_many_places_is_one_line(library: None) -> None:
    found = search.find("低保")
    lines = [h for h in found.hits if h.base_slug == "civil_affairs.minimum_living"]
    assert len(lines) == 1
    assert lines[0].slug == "civil_affairs.minimum_living"
    assert lines[0].places > 10


def test_a_wrong_character_is_corrected(library: None) -> None:
    found = search.find("身粪证")
    assert found.hits[0].base_slug == "public_security.id_card_apply"
    assert found.meant == "身份证"
    assert "读音" in found.hits[0].why
    assert search.find("身份证").meant == ""


def test_nothing_found_names_the_unknown_words_and_the_nearest(library: None) -> None:
    found = search.find("火星移民")
    assert found.nearest
    assert set(found.unknown) == {"火星", "移民"}
    nothing = search.find("xyzzyq")
    assert nothing.nearest
    assert nothing.hits == ()


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("生孩子落户还要办医保", {"public_security.birth_household", "medical_insurance.resident_medical_enrol"}),
        ("新车上牌，还要换驾照", {"public_security.vehicle_register", "public_security.driving_licence_renew"}),
    ],
)
def test_several_wishes_take_turns(library: None, question: str, wants: set[str]) -> None:
    found = search.find(question)
    assert {h.base_slug for h in found.hits[:2]} == wants
    assert len(found.parts) == 2


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("shenfenzhen", "public_security.id_card_apply"),  # ng heard as n
        ("senfenzheng", "public_security.id_card_apply"),  # sh written s
        ("shnfenzheng", "public_security.id_card_apply"),  # a letter missing
        ("lihun", "civil_affairs.divorce"),
        ("补办sfz", "public_security.id_card_apply"),
        ("身fen证", "public_security.id_card_apply"),
        ("身证", "public_security.id_card_apply"),  # a character missing
        ("身身份证", "public_security.id_card_apply"),  # one too many
        ("边房证", "public_security.border_pass"),
    ],
)
def test_slips_of_hand_and_ear_are_forgiven(library: None, question: str, slug: str) -> None:
    assert slug in [h.base_slug for h in search.find(question).hits[:3]]


def test_the_query_set_is_answered(library: None) -> None:
    tried = searching.tried(list(searching.queries()))
    assert len(tried) >= 300
    assert searching.share(tried, 3) >= 97
    assert searching.share(tried, 1) >= 90
    assert searching.share([t for t in tried if t.query.part == "held"], 3) >= 95


def test_the_query_set_covers_every_item_twice(library: None) -> None:
    asked = Counter(slug for query in searching.queries() for slug in query.want)
    assert not [e.slug for e in search.library().entries if not e.slug.startswith("township.") and asked[e.slug] < 2]


def test_every_hit_says_why(library: None) -> None:
    for query in list(searching.queries())[::7]:
        for hit in search.find(query.text).hits:
            assert hit.why, (query.text, hit.slug)


def test_a_reason_that_quotes_the_name_is_true(library: None) -> None:
    for query in list(searching.queries())[::5]:
        for hit in search.find(query.text).hits:
            if quoted := re.fullmatch("名称含“(.+)”", hit.why):
                assert quoted[1] in wording.fold(hit.name)
            if quoted := re.fullmatch("也叫“(.+)”", hit.why):
                assert quoted[1] in (*wording.sayings_of(hit.base_slug), hit.name)


def test_a_new_item_is_found_at_once_by_every_process(library: None) -> None:
    from siban.catalog.models import ImplementationItem, LibraryStamp

    before = LibraryStamp.objects.get().value
    item = ImplementationItem.objects.select_related("catalog_item", "version").get(slug="tobacco.tobacco_retail")
    assert item.version is not None
    content = {**item.version.content, "name": "驯鹿放养许可"}
    item.catalog_item.presented_by = None
    item.catalog_item.save()
    version = item.versions.create(
        number=99, content=content, content_hash="x", is_published=True, published_at=AT, created_at=AT
    )
    ImplementationItem.objects.filter(pk=item.pk).update(version=version, name="驯鹿放养许可")
    actions.present([item])
    assert LibraryStamp.objects.get().value != before
    assert search.find("养驯鹿").hits[0].slug == item.slug


def test_the_statement_reads_no_table_of_items_from_end_to_end(library: None) -> None:
    codes = [e.code for e in search.library().entries][:60]
    for wanted in (
        Wanted(),
        Wanted(region="150724110000"),
        Wanted(who="natural", online=True),
        Wanted(dept="civil_affairs"),
    ):
        said, given = search.statement(codes, wanted, 21)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE catalog_implementationitem")
            cursor.execute("EXPLAIN (FORMAT JSON) " + said, given)
            plan = cursor.fetchone()[0]
        nodes = list(_nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
        reads = [n for n in nodes if n.get("Relation Name") == "catalog_implementationitem" and n["Alias"] != "b"]
        assert reads
        assert {n["Node Type"] for n in reads} <= {"Index Scan", "Index Only Scan", "Bitmap Heap Scan"}
        assert all(n["Node Type"] != "Seq Scan" for n in reads)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def test_suggestions_continue_what_is_typed(library: None, client: Client) -> None:
    assert search.suggest("身份")[0].startswith("身份证")
    assert any(s.startswith("结婚") for s in search.suggest("jieh"))
    assert search.suggest("") == []
    page = client.get("/items/suggest/", {"q": "身份"}).content.decode()
    assert "身份证" in page
    assert client.get("/items/suggest/", {"q": "<script>"}).content.strip() == b""


def test_the_page_says_what_was_not_understood(library: None, client: Client) -> None:
    page = client.get("/items/", {"q": "火星移民"}).content.decode()
    assert "“火星”" in page
    assert "12345" in page
    page = client.get("/items/", {"q": "身粪证"}).content.decode()
    assert "您是不是想找" in page
    page = client.get("/items/", {"q": "身份证", "who": "legal", "topic": "婚姻登记"}).content.decode()
    assert "去掉条件再找" in page


def test_a_sumu_is_not_taken_for_its_neighbour() -> None:
    assert [rules.territory(c) for c in ("150724000000", "150724100000", "150724110000", "150724110201", "150700000000")] == [
        "150724", "150724100", "150724110", "150724110201", "1507",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "question", ["'", "%", "\\", "a' OR 1=1 --", "&|!()", ":*", "的", "怎么办", "🐑", "（）", "a" * 500]
)
def test_no_question_breaks_the_search(library: None, question: str) -> None:
    search.find(question)


def test_pages_follow_one_another_without_gap_or_repeat(library: None) -> None:
    whole = [h.slug for h in search.find("", limit=1000).hits]
    pages: list[str] = []
    after = ""
    while True:
        found = search.find("", after=after, limit=20)
        pages += [h.slug for h in found.hits]
        if not (after := found.after):
            break
    assert pages == whole
    assert len(whole) == len(set(whole)) == 147


def test_a_page_mark_of_a_wrong_shape_starts_anew(library: None) -> None:
    for mark in ("x", "1:", "a:b", "1e9:x", "1;DROP:x", "--1:x", "." * 300):
        assert search.find("", after=mark).hits[0] == search.find("").hits[0]


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (Wanted(dept="civil_affairs"), lambda h: h.base_slug.startswith("civil_affairs.")),
        (Wanted(instant=True), lambda h: h.is_instant),
        (Wanted(online=True), lambda h: h.is_online),
        (Wanted(region="150724110000"), lambda h: "150724110000" in h.slug),
    ],
)
def test_a_filter_keeps_only_what_it_says(library: None, wanted: Wanted, holds: object) -> None:
    hits = search.find("", wanted=wanted, limit=500).hits
    assert hits
    assert all(holds(h) for h in hits)  # type: ignore[operator]


def test_who_and_topic_narrow_to_what_serves_them(library: None) -> None:
    everything = len(search.find("", limit=500).hits)
    persons = search.find("", wanted=Wanted(who="natural"), limit=500).hits
    firms = search.find("", wanted=Wanted(who="legal"), limit=500).hits
    assert 0 < len(persons) < everything
    assert 0 < len(firms) < everything
    weddings = search.find("", wanted=Wanted(topic="婚姻登记"), limit=500).hits
    assert {h.base_slug for h in weddings} == {
        "civil_affairs.marriage", "civil_affairs.divorce", "civil_affairs.marriage_reissue",
    }  # fmt: skip


def test_a_search_is_two_small_statements(library: None, django_assert_num_queries: Any) -> None:
    search.find("低保")  # the library is read once a process
    for question in ("低保", "办", "生孩子落户还要办医保", ""):
        with django_assert_num_queries(2):
            search.find(question)


def test_suspended_items_are_not_found(library: None) -> None:
    from siban.catalog import actions
    from siban.catalog.models import ImplementationItem

    from .conftest import AT, acting

    item = ImplementationItem.objects.get(slug="public_security.id_card_apply")
    actions.suspend(item=item.pk, reason="系统升级期间", by=acting("service_admin", "gov_service"), at=AT)
    assert all(h.base_slug != item.slug for h in search.find("办身份证").hits)


def test_other_names_and_popular_items_name_items_that_exist(library: None) -> None:
    from siban.catalog.models import ImplementationItem

    slugs = set(ImplementationItem.objects.filter(level=4).values_list("slug", flat=True))
    slugs |= {
        wording.PLACE.sub("", s) for s in ImplementationItem.objects.filter(level=5).values_list("slug", flat=True)
    }
    assert set(wording.sayings()) <= slugs
    assert set(wording.popular()) <= slugs
