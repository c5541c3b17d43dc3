"""Questions to the knowledge base: found in other words, the valid before the expired, and no answer where there is none."""

import io
import json
import random
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from siban.hotline import asking
from siban.hotline.asking import features, lines, shelf

ON = date(2026, 11, 22)


@pytest.fixture(scope="module")
def known():
    return asking.stocked(asking.shipped())


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("楼里暖气片子冰凉的，让人来测一下室内温度", "K003"),
        ("闻见一股子煤气味，咋办", "K012"),
        ("羊让狼给掏了十来只，给不给赔", "K041"),
        ("包工头跑了，工钱一直要不回来", "K047"),
        ("我妈瘫在炕上，领养老金的刷脸认证咋弄", "K056"),
    ],
)
def test_a_question_in_other_words_finds_its_article(known, question, number):
    asked = asking.answer(question, known, on=ON)
    assert asked.is_answered
    assert asked.answer.number == number
    assert asked.ranked[0].words
    assert all(word in question for word in asked.ranked[0].words)


@pytest.mark.parametrize("question", ["护照怎么办理", "给我讲个笑话", "公墓一块多少钱", "？？！", "", "abc 123"])
def test_it_says_so_when_no_article_answers(known, question):
    asked = asking.answer(question, known, on=ON)
    assert not asked.is_answered
    assert asked.answer is None
    assert asked.why


def test_the_valid_article_answers_unless_the_year_asked_is_the_old_one(known):
    now = asking.answer("取暖费一平多少钱", known, on=ON)
    past = asking.answer("2024年取暖费一平多少钱", known, on=ON)
    assert now.ranked[0].paper.number == "K001"
    assert past.ranked[0].paper.number == "K002"
    assert past.answer.number == "K001"
    assert "过期" in past.why


def test_an_expired_article_never_answers_alone(known):
    asked = asking.answer("小微企业电费优惠", known, on=ON)
    assert asked.ranked[0].paper.number == "K115"
    assert not asked.ranked[0].is_valid
    assert not asked.is_answered
    assert "过期" in asked.why


@pytest.mark.parametrize("number", [p.number for p in asking.shipped()])
def test_no_answer_is_out_of_force(known, number):
    for question in known.papers[number].questions:
        asked = asking.answer(question, known, on=ON)
        assert asked.answer is None or asked.answer.is_valid(ON)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024年的热费", [2024]),
        ("25年医保", [2025]),
        ("二零二四年", [2024]),
        ("活了24岁", []),
        ("一百年", []),
        ("K2024", [2024]),
    ],
)
def test_years_are_read(text, years):
    assert features.years(text) == years


def test_what_was_left_out_of_the_learning_is_mostly_found():
    """A third of the ways left out: well below what was measured, so that only a real loss fails."""
    shuffled = random.Random(3)
    asked, test = {}, []
    for number, ways in shelf.ways().items():
        ways = shuffled.sample(list(ways), len(ways))
        asked[number] = ways[len(ways) // 3 :]
        test += [(question, number) for question in ways[: len(ways) // 3]]
    beside = shuffled.sample(list(shelf.unanswered()), len(shelf.unanswered()))
    known = shelf.learned(asking.shipped(), asked, beside[len(beside) // 3 :])
    found = [(asking.answer(question, known, on=ON), number) for question, number in test]
    first = sum(a.ranked[0].paper.number == number for a, number in found if a.ranked) / len(found)
    three = sum(number in [r.paper.number for r in a.ranked[:3]] for a, number in found) / len(found)
    silent = [asking.answer(question, known, on=ON) for question in beside[: len(beside) // 3]]
    assert first >= 0.80
    assert three >= 0.93
    assert sum(not a.is_answered for a in silent) / len(silent) >= 0.75


def test_the_same_articles_teach_the_same(known):
    papers = asking.shipped()[:20]
    one, other = (shelf.learned(papers, {}, ["护照怎么办"]).model for _ in range(2))
    assert one.weights == other.weights


def test_a_bad_line_is_told_and_does_not_stop_the_rest(known):
    given = ["{}", "坏", '{"id": "x", "question": "停电了打什么电话"}', "[1]", '{"text": 5}', '"闻到煤气味"', ""]
    bad = []
    rows = list(lines.answers(given, known, on=ON, bad=bad))
    assert [(row["id"], row["answered"]) for row in rows] == [("x", True), (6, True)]
    assert [sentence.split(" ")[1] for sentence in bad] == ["1", "2", "4", "5"]
    assert rows[0]["answer"]["owner"] == "power_supply"


def test_the_command_writes_one_line_for_each_question(tmp_path):
    given, out = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    given.write_bytes(
        '\ufeff{"id": 7, "question": "身份证丢了咋补"}\r\n\xff\n'.encode("utf-8", "surrogateescape") + b"\xff\xfe\n"
    )
    told = io.StringIO()
    call_command("hotline", "ask", str(given), "-o", str(out), "--day", "2026-11-22", stderr=told)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["ranked"][0]["id"]) for row in rows] == [(7, "K098")]
    assert "跳过" in told.getvalue()


@pytest.mark.parametrize(("file", "day"), [("没有.jsonl", "2026-11-22"), ("q.jsonl", "昨天")])
def test_the_command_says_what_is_wrong(tmp_path, file, day):
    (tmp_path / "q.jsonl").write_text('"停水"', encoding="utf-8")
    with pytest.raises(CommandError, match=r"[一-鿿]"):
        call_command("hotline", "ask", str(tmp_path / file), "--day", day)
