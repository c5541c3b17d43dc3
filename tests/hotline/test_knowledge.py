"""The knowledge base: written by units, published by the hotline, never changed in force, looked at again, used and missed."""

from datetime import date, datetime, timedelta

import pytest
import yaml

from siban.hotline import rules, seeds_knowledge
from siban.hotline.actions import knowledge, knowledge_asking
from siban.hotline.asking import Asked
from siban.hotline.models import Article, ArticleUse, ArticleVersion, Question
from siban.hotline.queries import knowledge as shelf
from siban.identity.api import Org
from siban.kernel.actor import SYSTEM
from siban.kernel.clock import CHINA
from siban.kernel.flow import Refused
from siban.kernel.models import JournalEntry

from .conftest import BANNER, TOWN

AT = datetime(2026, 11, 22, 10, tzinfo=CHINA)
TODAY = date(2026, 11, 22)


def content(**said):
    return knowledge.Content(
        **{
            "title": "暖气管子冻裂了怎么办", "questions": ["暖气管冻裂找谁", "楼道暖气管爆了"], "basis": "供用热合同",
            "answer": "先关户内阀门，再打供热企业服务电话报修，抢修人员上门处理。", "valid_from": date(2026, 3, 1), **said,
        }
    )  # fmt: skip


@pytest.fixture
def draft(hotline):
    unit = hotline.handler("heat_company")
    return knowledge.write(by=unit, at=AT, owner=hotline.orgs["heat_company"], leaf="010101", content=content())


@pytest.fixture
def published(hotline, draft):
    knowledge.submit(by=hotline.handler("heat_company"), at=AT, version_id=draft.pk)
    return knowledge.publish(by=hotline.dispatcher, at=AT, version_id=draft.pk)


def test_a_unit_writes_and_the_hotline_publishes(hotline, draft):
    unit = hotline.handler("heat_company")
    with pytest.raises(Refused, match="草稿"):
        knowledge.publish(by=hotline.dispatcher, at=AT, version_id=draft.pk)
    knowledge.submit(by=unit, at=AT, version_id=draft.pk)
    with pytest.raises(Refused, match="岗位不能"):
        knowledge.publish(by=unit, at=AT, version_id=draft.pk)
    done = knowledge.publish(by=hotline.dispatcher, at=AT, version_id=draft.pk)
    article = Article.objects.get(pk=draft.article_id)
    assert (done.state, article.last_reviewed_on, article.review_by) == (
        "published",
        TODAY,
        TODAY + timedelta(days=180),
    )


def test_another_unit_neither_writes_nor_sees(hotline, published):
    stranger = hotline.handler("transport")
    with pytest.raises(Refused, match="岗位不能"):
        knowledge.write(by=stranger, at=AT, owner=hotline.orgs["heat_company"], leaf="010101", content=content())
    with pytest.raises(Refused, match="岗位不能"):
        knowledge.rewrite(by=stranger, at=AT, article_id=published.article_id)
    with pytest.raises(Refused, match="岗位不能"):
        knowledge.withdraw(by=stranger, at=AT, version_id=published.pk, words="不再使用了")
    assert not Article.objects.visible_to(stranger).exists()
    assert Article.objects.visible_to(hotline.handler("heat_company")).exists()


def test_what_is_in_force_is_followed_and_never_changed(hotline, published):
    unit = hotline.handler("heat_company")
    with pytest.raises(Refused, match="不能“修改”"):
        knowledge.revise(by=unit, at=AT, version_id=published.pk, content=content(title="别的标题标题"))
    second = knowledge.rewrite(by=unit, at=AT, article_id=published.article_id)
    assert knowledge.rewrite(by=unit, at=AT, article_id=published.article_id).pk == second.pk
    knowledge.revise(
        by=unit, at=AT, version_id=second.pk, content=content(answer="新的答复：请直接拨打抢修电话，二十四小时有人。")
    )
    assert ArticleVersion.objects.get(pk=published.pk).answer == content().answer
    knowledge.submit(by=unit, at=AT, version_id=second.pk)
    knowledge.publish(by=hotline.dispatcher, at=AT, version_id=second.pk)
    assert list(ArticleVersion.objects.order_by("version").values_list("version", "state")) == [
        (1, "superseded"),
        (2, "published"),
    ]


def test_who_wrote_a_version_does_not_publish_it(hotline):
    mine = hotline.dispatcher
    made = knowledge.write(by=mine, at=AT, owner=hotline.orgs["heat_company"], leaf="010101", content=content())
    knowledge.submit(by=mine, at=AT, version_id=made.pk)
    with pytest.raises(Refused, match="另一个人"):
        knowledge.publish(by=mine, at=AT, version_id=made.pk)
    knowledge.publish(by=hotline.bureau, at=AT, version_id=made.pk)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"answer": "短"}, "答复太短"),
        ({"questions": []}, "群众的问法"),
        ({"basis": " "}, "依据"),
        ({"title": "暖"}, "标题太短"),
    ],
)
def test_an_incomplete_article_is_not_submitted(hotline, draft, change, sentence):
    unit = hotline.handler("heat_company")
    knowledge.revise(by=unit, at=AT, version_id=draft.pk, content=content(**change))
    with pytest.raises(Refused, match=sentence):
        knowledge.submit(by=unit, at=AT, version_id=draft.pk)


def test_what_is_over_ends_by_itself_and_is_not_published(hotline, draft):
    unit = hotline.handler("heat_company")
    knowledge.revise(by=unit, at=AT, version_id=draft.pk, content=content(valid_to=TODAY))
    knowledge.submit(by=unit, at=AT, version_id=draft.pk)
    with pytest.raises(Refused, match="有效期"):
        knowledge.publish(by=hotline.dispatcher, at=AT + timedelta(days=1), version_id=draft.pk)
    knowledge.publish(by=hotline.dispatcher, at=AT, version_id=draft.pk)
    assert knowledge.expire(at=AT) == 0
    assert knowledge.expire(at=AT + timedelta(days=1)) == 1
    assert knowledge.expire(at=AT + timedelta(days=1)) == 0
    assert ArticleVersion.objects.get(pk=draft.pk).state == "expired"


def test_a_review_owed_is_reminded_once_a_week_until_it_is_done(hotline, published):
    late = AT + timedelta(days=181)
    assert [knowledge.remind(at=late + timedelta(days=n)) for n in (0, 1, 6, 8)] == [1, 0, 0, 1]
    knowledge.confirm_review(by=hotline.handler("heat_company"), at=late, version_id=published.pk)
    assert knowledge.remind(at=late + timedelta(days=20)) == 0


def test_the_articles_that_ship_come_out_expired_and_overdue_as_they_say(hotline):
    said = yaml.safe_load((rules.REFERENCE / "knowledge.yaml").read_text(encoding="utf-8"))["articles"]
    for code in {a["owner_unit"] for a in said} - set(Org.objects.values_list("code", flat=True)):
        Org.objects.create(code=code, name=code, short_name=code, kind="department", region_id=BANNER)
    assert seeds_knowledge.build(by=SYSTEM, at=AT) == 120
    assert seeds_knowledge.build(by=SYSTEM, at=AT) == 0
    expired = ArticleVersion.objects.filter(state="expired")
    assert set(expired.values_list("article__number", flat=True)) == {
        a["id"] for a in said if a["status"] == "expired"
    }
    overdue = Article.objects.filter(versions__state="published", review_by__lt=TODAY)
    assert set(overdue.values_list("number", flat=True)) == {a["id"] for a in said if a["review_overdue"]}
    assert len(shelf.papers()) == 120


def test_questions_find_what_was_published_and_no_longer_what_was_withdrawn(hotline, published):
    found = shelf.matching("暖气管子冻裂了")
    assert [r.paper.number for r in found] == [published.article.number]
    knowledge.withdraw(by=hotline.dispatcher, at=AT, version_id=published.pk, words="口径有变，暂不使用")
    assert shelf.papers() == ()


def test_a_question_is_kept_counted_and_rated_once(hotline, published):
    asked = shelf.answer("暖气管冻裂找谁", on=TODAY)
    question = knowledge_asking.keep(asked=asked, channel="portal", region=BANNER, at=AT)
    assert question.article_id == published.article_id
    for said in (True, True, False):
        knowledge_asking.rate(question_id=question.pk, is_helpful=said, at=AT)
    assert list(ArticleUse.objects.values_list("times", "helped", "not_helped")) == [(1, 0, 1)]
    assert Article.objects.get().uses == 1


def test_unanswered_questions_become_a_draft_of_a_unit_with_one_press(hotline):
    for text in ("护照怎么办", "办护照要什么材料"):
        asked = Asked(text, (), False, None, "没有找到")
        knowledge_asking.keep(asked=asked, channel="portal", region=BANNER, at=AT)
    keys = list(Question.objects.values_list("pk", flat=True))
    with pytest.raises(Refused, match="岗位不能"):
        knowledge_asking.draft_for(
            by=hotline.operator, at=AT, question_ids=keys, owner=hotline.orgs["transport"], leaf="030101"
        )
    made = knowledge_asking.draft_for(
        by=hotline.dispatcher, at=AT, question_ids=keys, owner=hotline.orgs["transport"], leaf="030101"
    )
    assert set(made.questions) == {"护照怎么办", "办护照要什么材料"}
    assert Question.objects.filter(settled_at=None).count() == 0
    with pytest.raises(Refused, match="已经处理过"):
        knowledge_asking.draft_for(
            by=hotline.dispatcher, at=AT, question_ids=keys, owner=hotline.orgs["transport"], leaf="030101"
        )


def test_a_question_left_becomes_an_order_once_and_its_words_stay_out_of_the_journal(hotline):
    asked = Asked("护照怎么办理才快", (), False, None, "没有找到")
    question = knowledge_asking.keep(asked=asked, channel="portal", region=TOWN, at=AT)
    with pytest.raises(Refused, match="没有留下电话"):
        knowledge_asking.make_order(by=hotline.operator, at=AT, question_id=question.pk)
    with pytest.raises(Refused):
        knowledge_asking.leave(question_id=question.pk, contact="不是电话", at=AT)
    knowledge_asking.leave(question_id=question.pk, contact="13800000009", at=AT)
    number = knowledge_asking.make_order(by=hotline.operator, at=AT, question_id=question.pk)
    assert knowledge_asking.make_order(by=hotline.operator, at=AT, question_id=question.pk) == number
    assert not JournalEntry.objects.filter(changes__icontains="护照").exists()
