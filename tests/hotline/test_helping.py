"""Help at the telephone: emergencies never low, units of the place, duplicates of one event, replies that lack something."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from siban.hotline import helping
from siban.hotline.helping import lines, places, report, shipping, signs, training

GOLD = ("leaf", "leaf_name", "top", "lead_unit", "lead_unit_name", "nature", "level", "urgent", "out_of_scope", "is_long_term", "is_unreasonable", "duplicate_of", "multi_demand")  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return training.shipped_orders()


@pytest.fixture(scope="module")
def unseen(rows):
    """One fifth of the orders that ship, and what is learned from the rest."""
    taught, left = next(iter(training.folds(rows)))
    return training.train(taught), left


EMERGENCIES = """
厨房的燃气软管裂了，直往外漏
一进楼道就闻见煤气味，脑袋疼
楼上窗户呼呼冒火苗子
羊圈着了，火借着风往房子那边去
炕烧多了，一家子头晕恶心站不起来
暖气立管爆了，开水喷得进不去屋
电线掉在水坑里，冒火花
高压线杆子歪了，线快贴到地了
人让拖拉机压住了，快救人
有个小孩掉冰窟窿里了
电梯把我们三个关里头半个点了
有人要从桥上跳河
女儿留了遗书，电话不接
喝醉的拿着菜刀在楼下追着打人
我爷爷糊涂，出门一宿没回来，找不着
暴雪把我们一车人困在草原上，油快没了
老头捂着胸口倒地上了
山洪下来了，水进屋了
大车把摩托撞了，人躺着不动，出车祸了
刚才把钱转给骗子了，十二万，骗我说是公安
液化气灶的管子让耗子咬破了，满屋子气味
楼下烧烤店的煤气瓶子漏了
老房子电线短路冒烟，墙都黑了
沙发着起来了，我们在阳台上出不去
草原上火烧过来了，离蒙古包不到一里地
仓房里火大了，扑不灭
生炉子没开窗，老太太叫不起来了
锅炉房管道爆裂，开水往街上淌
暖气阀门崩开了，烫了我胳膊
供电的线杆子倒了，电线横在路上
雨天路边配电箱带电，把人电倒了
孩子吞了个纽扣电池，脸都紫了
我爸喘不上来气，嘴唇发青
修车的让车压住腿了，血止不住
羊倌掉进枯井了，听得见喊
河面冰裂了，有人漂走了
我姐把自己反锁屋里开煤气
他说今晚就一了百了，电话关机了
有人闯进我家打砸，手里有铁棍
前夫把孩子抢走了还打我
老牧民放羊三天没回来，手机没信号
幼儿园放学孩子没接着，人不见了
大雪封路，孕妇肚子疼得厉害
棚顶让雪压塌了，底下有人
河堤开口子了，水往村里灌
挖出来个铁疙瘩像炮弹
客车翻路基下面了，好多人受伤
疯狗见人就咬，咬了好几个孩子
工地吊车要倒，旁边就是学校
热水锅炉压力表顶到头了，要炸
家里煤气灶关不上，屋里味儿特别大
邻居窗户里冒黑烟，还有人喊
牧点的草垛烧了，火往蒙古包去
煤炉子把我婆婆熏了，现在站不住
楼上热水管炸了，蒸汽把楼道都罩住了
风把电线吹下来了，搭在铁皮房上
我弟弟触了电，躺地上不动
同事从架子上摔下来，昏迷了
小孙子把药当糖吃了一瓶
有人坐在铁道上不走，说活够了
我闺女吞了一把药片
隔壁两口子动刀子了，快来
我被人堵在屋里不让走，他们好几个人
七岁的娃去河边玩，到现在没影
车在雪壳子里走不动了，零下四十度，油也没了
塌方把人埋了
水库要垮，下面还有三户
装汽油的大车侧翻了，流了一路
骑摩托的让大车轧了，腿都断了
电梯往下掉，老人吓晕在里面
"""


@pytest.mark.parametrize("text", EMERGENCIES.strip().splitlines())
def test_an_emergency_is_urgent_and_its_words_are_shown(unseen, text):
    found = helping.suggest(text, by=unseen[0])
    assert found.is_urgent
    assert found.is_emergency
    assert found.urgent_words
    assert all(word in text for word in found.urgent_words)


@pytest.mark.parametrize(
    "text",
    ["请问热费怎么交", "路灯坏了好几天没人修", "低保怎么申请", "消防培训几点开始", "去年家里失火，救助金多少钱", "自家狗走丢了，帮着找找"],
)  # fmt: skip
def test_what_is_no_danger_is_not_called_an_emergency(text):
    assert signs.danger(text) == ((), ())


def test_danger_in_words_never_heard_is_still_told(unseen):
    assert helping.suggest("！！着火了！！", by=unseen[0]).is_urgent
    assert not helping.suggest("", by=unseen[0]).is_urgent


@pytest.mark.parametrize(
    ("code", "place", "town"),
    [
        ("150724110000", "", "150724110000"),
        ("150724110001", "巴彦托海镇", "150724110000"),
        ("", "伊敏河镇永安小区", "150724111000"),
        ("", "伊敏苏木的牧点", "150724214000"),
        ("", "南屯步行街", "150724100000"),
        ("150724000000", "辉苏木", "150724215000"),
        ("", "不知道", ""),
    ],
)
def test_a_place_belongs_to_its_township(code, place, town):
    assert places.township(code, place) == town


def test_a_matter_of_the_township_goes_to_the_township_of_the_place(unseen):
    known, _ = unseen
    units = {
        helping.suggest("楼道里堆满杂物，楼下垃圾好几天没人收", township_code=code, by=known).units[0].key
        for code in ("150724110000", "150724215000")
    }
    territorial = {leaf.lead_unit for leaf in known.leaves.values()}
    assert "territorial" in territorial
    assert "territorial" not in units


def test_orders_not_learned_from_are_found_well_above_chance(rows):
    seen = report.judged(rows, only=0)
    assert seen.orders >= 75
    assert seen.share("top") > 0.75
    assert seen.share("leaf") > 0.62
    assert seen.share("unit") > 0.72
    assert seen.share("unit_in_three") > 0.88
    assert seen.share("nature") > 0.6
    assert seen.flags["duplicate"]["found"] > seen.flags["duplicate"]["missed"]
    assert seen.flags["duplicate"]["false"] <= 4
    assert "编写的" in list(report.sentences(seen, "附带"))[-1]


def test_the_same_rows_give_the_same_help(rows):
    few = rows[:20]
    one, other = training.train(few), training.train(few)
    assert one.model.weights == other.model.weights


def test_the_words_that_led_there_stand_in_the_text(unseen):
    known, left = unseen
    for row in left[:30]:
        for ranked in helping.suggest(row["text"], by=known).leaves[:3]:
            assert all(word in row["text"].lower() for word in ranked.words)


def test_one_event_by_two_callers_is_found_and_another_event_is_not(unseen):
    known, _ = unseen

    def terms(number, text, place, at):
        return shipping.terms_of({"id": number, "text": text, "place": place, "received_at": at}, known)

    first = terms("1", "北二路一溜路灯全黑了，走道害怕", "大雁镇雁北社区北二路", "2026-10-12T14:00:00+08:00")
    again = terms("2", "晚上下班黑灯瞎火，北二路路灯有没有人修", "大雁镇雁北社区", "2026-10-12T18:00:00+08:00")
    elsewhere = terms("3", "路灯不亮，修修吧", "辉苏木哈克木嘎查", "2026-10-12T19:00:00+08:00")
    later = terms("4", "北二路一溜路灯全黑了，走道害怕", "大雁镇雁北社区北二路", "2026-12-30T14:00:00+08:00")
    assert [row[0] for row in helping.likely(helping.rank(again, [first, elsewhere]))] == ["1"]
    assert helping.rank(again, [first])[0][2]
    assert helping.rank(elsewhere, [first]) == []
    assert helping.rank(later, [first]) == []
    assert helping.rank(first, [again]) == [], "only an earlier order is repeated"


GOOD = "3月9日电话联系来电人，3月10日上门测温16℃，查明单元阀门开度不足，当日调平，复测19℃，已当面告知。"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("已电话联系来电人，后续请关注。", "no_date_or_measure"),
        ("3月10日更换阀门，室温恢复到19℃。", "no_contact_trace"),
        ("3月__日电话告知来电人，已更换阀门2个。", "placeholder"),
        ("已转相关部门处理，请耐心等待。", "evasive_transfer"),
        ("3月9日电话告知来电人，这个事不归我们管。", "banned_wording"),
        ("", "misses_demand"),
    ],
)
def test_a_reply_is_told_what_it_lacks_and_what_to_write(reply, kind):
    found = helping.check("暖气不热，屋里才15度", ["010101"], reply)
    remark = next(r for r in found if r.kind == kind)
    assert remark.words.endswith("。")
    assert remark.mend.endswith("。")
    assert remark.where is None or reply[slice(*remark.where)] in reply


def test_a_good_reply_gets_no_remark():
    assert helping.check("暖气不热，屋里才15度", ["010101"], GOOD) == ()


def test_each_demand_wants_its_answer():
    found = helping.check("暖气不热，路灯也不亮", ["010101", "060301"], GOOD)
    assert [r.kind for r in found] == ["misses_demand"]
    assert "路灯" in found[0].words


def test_replies_that_ship_are_mostly_told_apart(rows):
    from siban.hotline.rules import REFERENCE

    texts = {row["id"]: row for row in rows}
    replies = [json.loads(line) for line in (REFERENCE / "replies.jsonl").read_text(encoding="utf-8").splitlines()]
    right = sum(
        bool(helping.check(texts[r["order_id"]]["text"], [r["order_leaf"]], r["text"]))
        == (r["gold"]["quality"] == "bad")
        for r in replies
    )
    assert right / len(replies) > 0.9


def test_bad_lines_are_told_and_the_rest_goes_on(unseen):
    bad: list[str] = []
    given = [
        '{"text": "暖气不热"}',
        "x",
        '{"text": ""}',
        "[1]",
        '{"id": 7, "text": "路灯不亮", "received_at": "昨天"}',
        "",
    ]
    found = list(lines.suggestions(given, unseen[0], bad=bad))
    assert [row["id"] for row in found] == [1, 7]
    assert len(bad) == 4
    assert all("行" in sentence and sentence.endswith("。") for sentence in bad)
    assert all(set(GOLD) <= set(row) for row in found)


def test_a_repeated_order_in_a_file_names_the_earlier_one(unseen):
    row = {
        "text": "前卫社区整片暖气停了，换热站坏了",
        "place": "大雁镇前卫社区",
        "received_at": "2027-01-05T08:00:00+08:00",
    }
    given = [
        json.dumps(row | {"id": "a"}),
        json.dumps(
            row | {"id": "b", "text": "暖气全停了，啥时候修好换热站", "received_at": "2027-01-05T11:00:00+08:00"}
        ),
    ]
    found = list(lines.suggestions(given, unseen[0], bad=[]))
    assert [r["duplicate_of"] for r in found] == [None, "a"]


def test_replies_are_checked_from_a_file(tmp_path):
    file = tmp_path / "replies.jsonl"
    file.write_text(
        json.dumps({"id": "r1", "order_text": "暖气不热", "text": "请耐心等待。"}) + "\nx\n", encoding="utf-8"
    )
    out, err = io.StringIO(), io.StringIO()
    call_command("hotline", "check-replies", str(file), stdout=out, stderr=err)
    assert json.loads(out.getvalue())["quality"] == "bad"
    assert "第 2 行" in err.getvalue()


def test_a_file_that_is_not_there_is_told_in_a_sentence():
    with pytest.raises(CommandError, match="读不了文件"):
        call_command("hotline", "check-replies", "nowhere.jsonl")
