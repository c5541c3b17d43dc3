"""Pages of the knowledge base: written, published, filtered, exported; asked by citizens and answered, or honestly not."""

import io

import openpyxl
import pytest
from django.test import Client

from siban.hotline.actions import knowledge
from siban.hotline.models import Article, ArticleVersion, Question
from siban.identity.api import Org

from .test_knowledge import AT, content

WRITTEN = {
    "title": "暖气管冻裂了怎么办", "questions": "暖气管冻裂找谁\n\n楼道暖气管爆了\n暖气管冻裂找谁", "answer": "先关阀门，再打供热企业服务电话报修。", "basis": "供用热合同",
    "valid_from": "2026-03-01", "valid_to": "", "leaf": "010101", "cycle": "180",
}  # fmt: skip


def test_a_unit_writes_submits_and_the_hotline_publishes(hotline):
    unit, desk = hotline.client("undertaker", "heat_company"), hotline.client("hotline_dispatcher")
    owner = str(hotline.orgs["heat_company"].pk)
    assert unit.post("/desk/knowledge/new/", {**WRITTEN, "owner": owner}).status_code == 302
    number = Article.objects.get().number
    assert ArticleVersion.objects.get().questions == ["暖气管冻裂找谁", "楼道暖气管爆了"]
    assert "修改草稿" in unit.get(f"/desk/knowledge/{number}/").text
    assert unit.post(f"/desk/knowledge/{number}/", {"do": "publish"}).status_code == 403
    unit.post(f"/desk/knowledge/{number}/", {"do": "submit"})
    desk.post(f"/desk/knowledge/{number}/", {"do": "publish"})
    assert ArticleVersion.objects.get().state == "published"
    assert unit.post(f"/desk/knowledge/{number}/rewrite/").status_code == 302
    unit.post(
        f"/desk/knowledge/{number}/edit/",
        {**WRITTEN, "answer": "先关阀门，再打供热企业服务电话报修，抢修二十四小时有人。"},
    )
    shown = unit.get(f"/desk/knowledge/{number}/").text
    assert "抢修二十四小时有人" in shown
    assert "<ins>" in unit.get(f"/desk/knowledge/{number}/versions/2/").text


def test_nothing_typed_is_lost_when_something_is_wrong(hotline):
    unit = hotline.client("undertaker", "heat_company")
    said = {**WRITTEN, "owner": str(hotline.orgs["heat_company"].pk), "valid_to": "2025-01-01"}
    response = unit.post("/desk/knowledge/new/", said)
    assert response.status_code == 422
    assert "早于生效日期" in response.text
    assert WRITTEN["answer"] in response.text
    other = {**WRITTEN, "owner": str(hotline.orgs["transport"].pk)}
    assert unit.post("/desk/knowledge/new/", other).status_code == 422
    assert not Article.objects.exists()


def test_the_export_says_what_the_list_is_narrowed_to(hotline):
    for n, title in enumerate(("暖气管冻裂了怎么办", "供热缴费在哪里交")):
        draft = knowledge.write(
            by=hotline.dispatcher,
            at=AT,
            owner=hotline.orgs["heat_company"],
            leaf="010101",
            content=content(title=title),
        )
        knowledge.submit(by=hotline.dispatcher, at=AT, version_id=draft.pk)
        if n:
            knowledge.publish(by=hotline.bureau, at=AT, version_id=draft.pk)
    desk = hotline.client("hotline_dispatcher")
    assert "供热缴费" in desk.get("/desk/knowledge/").text
    assert "冻裂" not in desk.get("/desk/knowledge/").text
    assert "冻裂" in desk.get("/desk/knowledge/?tab=submitted&q=冻裂&sort=title&unit=不是").text
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(desk.get("/desk/knowledge/export/?tab=all&q=缴费").streaming_content))
    )
    assert [row[1] for row in book.active.iter_rows(values_only=True)][1:] == ["供热缴费在哪里交"]


@pytest.mark.parametrize("query", ["page=0", "page=99999", "sort=x", "unit=%00", "leaf=abc", "q=%00%27%25", "tab=x"])
def test_a_strange_address_is_still_a_list(hotline, query):
    assert hotline.client("hotline_dispatcher").get(f"/desk/knowledge/?{query}").status_code == 200


def test_a_citizen_is_answered_and_says_whether_it_helped(hotline):
    draft = knowledge.write(
        by=hotline.dispatcher, at=AT, owner=hotline.orgs["heat_company"], leaf="010101", content=content()
    )
    knowledge.submit(by=hotline.dispatcher, at=AT, version_id=draft.pk)
    knowledge.publish(by=hotline.bureau, at=AT, version_id=draft.pk)
    person = Client()
    shown = person.post("/ask/", {"question": "暖气管子冻裂了找谁修"}, follow=True)
    assert content().answer in shown.text
    assert "供用热合同" in shown.text
    question = Question.objects.get()
    person.post(f"/ask/{question.pk}/helpful/", {"helpful": "yes"})
    question.refresh_from_db()
    assert (question.is_answered, question.is_helpful) == (True, True)
    assert Client().get(f"/ask/{question.pk}/").status_code == 404


def test_a_question_without_an_answer_is_left_and_becomes_an_order(hotline, settings):
    person, desk = Client(), hotline.client("hotline_dispatcher")
    shown = person.post("/ask/", {"question": "护照怎么办理"}, follow=True)
    assert "没有找到" in shown.text
    question = Question.objects.get()
    assert person.post(f"/ask/{question.pk}/leave/", {"phone": "x"}).status_code == 422
    person.post(f"/ask/{question.pk}/leave/", {"phone": "13800000009"})
    listed = desk.get("/desk/knowledge/gaps/").text
    assert "护照怎么办理" in listed
    assert "13800000009" not in listed
    said = {"question": str(question.pk), "unit": str(hotline.orgs["transport"].pk), "leaf": "030101", "do": "draft"}
    assert desk.post("/desk/knowledge/gaps/settle/", {**said, "unit": ""}).status_code == 409
    assert desk.post("/desk/knowledge/gaps/settle/", said).status_code == 302
    assert Article.objects.get().owner == Org.objects.get(code="transport")
    assert "护照" not in desk.get("/desk/knowledge/gaps/").text


@pytest.mark.parametrize("text", ["", " ", "问", "长" * 301])
def test_a_question_that_says_nothing_is_told_so(db, text):
    response = Client().post("/ask/", {"question": text})
    assert response.status_code == 422
    assert not Question.objects.exists()


def test_the_lists_ask_as_often_for_many_articles_as_for_few(hotline, django_assert_max_num_queries):
    desk = hotline.client("hotline_dispatcher")
    for n in range(12):
        draft = knowledge.write(
            by=hotline.dispatcher,
            at=AT,
            owner=hotline.orgs["heat_company"],
            leaf="010101",
            content=content(title=f"第 {n} 条条目"),
        )
        knowledge.submit(by=hotline.dispatcher, at=AT, version_id=draft.pk)
    for address in ("/desk/knowledge/?tab=all", "/desk/knowledge/stale/", f"/desk/knowledge/{draft.article.number}/"):
        with django_assert_max_num_queries(22):
            assert desk.get(address).status_code == 200
