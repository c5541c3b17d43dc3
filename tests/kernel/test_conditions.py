"""Decision tables: decided loudly, and proven complete and free of overlaps."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siban.kernel.conditions import Choice, ConditionError, Flag, Row, Table, Whole, decide, prove

INPUTS = {
    "age": Whole(0, 120, label="年龄"),
    "household": Choice(("牧业", "城镇"), label="户别"),
    "poor": Flag(label="低保"),
}


def table(*rows, hit="first", inputs=INPUTS, outputs=("level",)):
    return Table("高龄津贴", inputs, [Row(when, {"level": level}) for when, level in rows], outputs, hit, version=3)


TOTAL = table(
    ({"age": "age >= 80", "poor": "poor"}, "A"),
    ({"age": "age >= 80", "poor": "!poor"}, "B"),
    ({"age": "age < 80", "household": 'household == "牧业"'}, "C"),
    ({"age": "age < 80", "household": 'household in ["城镇"]'}, "D"),
    hit="unique",
)


@pytest.mark.parametrize(
    ("age", "household", "poor", "row", "level"),
    [
        (80, "牧业", True, 1, "A"),
        (120, "城镇", False, 2, "B"),
        (79, "牧业", True, 3, "C"),
        (0, "城镇", True, 4, "D"),
    ],
)
def test_the_row_that_holds_gives_the_outputs(age, household, poor, row, level):
    inputs = {"age": age, "household": household, "poor": poor}
    decision = decide(TOTAL, inputs)
    assert (decision.row, decision.outputs, decision.version) == (row, {"level": level}, 3)
    assert (decision.table, decision.inputs) == ("高龄津贴", inputs)


def test_a_decision_keeps_its_inputs_whatever_happens_to_them_later():
    inputs = {"age": 80, "household": "牧业", "poor": True}
    decision = decide(TOTAL, inputs)
    inputs["age"] = 1
    assert decision.inputs["age"] == 80


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"age": None}, "输入“年龄”为“None”，应为 0 至 120 的整数"),
        ({"age": "80"}, "应为 0 至 120 的整数"),
        ({"age": True}, "应为 0 至 120 的整数"),
        ({"age": 121}, "应为 0 至 120 的整数"),
        ({"household": "林业"}, "应为 牧业、城镇 之一"),
        ({"poor": 1}, "应为“是”或“否”"),
        ({"colour": "红"}, "不认识输入“colour”"),
    ],
)
def test_a_wrong_input_is_refused_by_name(change, said):
    with pytest.raises(ConditionError, match=said):
        decide(TOTAL, {"age": 80, "household": "牧业", "poor": True} | change)


@pytest.mark.parametrize("name", ["age", "household", "poor"])
def test_a_missing_input_is_refused_by_name(name):
    given_inputs = {"age": 80, "household": "牧业", "poor": True}
    del given_inputs[name]
    with pytest.raises(ConditionError, match=f"缺少输入“{INPUTS[name].label}”"):
        decide(TOTAL, given_inputs)


def test_a_hole_in_the_table_raises_and_never_falls_through():
    holed = table(({"age": "age > 80"}, "A"), ({"age": "age < 80"}, "B"))
    with pytest.raises(ConditionError, match="没有一行适用"):
        decide(holed, {"age": 80, "household": "牧业", "poor": True})


def test_the_first_row_wins_and_under_unique_two_rows_are_refused():
    rows = (({"age": "age >= 60"}, "A"), ({"age": "age >= 80"}, "B"), ({}, "C"))
    inputs = {"age": 80, "household": "牧业", "poor": True}
    assert decide(table(*rows), inputs).row == 1
    with pytest.raises(ConditionError, match="第 1 行与第 2 行同时适用"):
        decide(table(*rows, hit="unique"), inputs)


def test_a_dash_and_an_empty_cell_ask_nothing():
    assert decide(table(({"age": "-", "poor": " "}, "A")), {"age": 1, "household": "牧业", "poor": False}).row == 1


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ({"age": "age >>"}, "第 1 行“年龄”列的条件“age >>”写法有误"),
        ({"age": "years > 3"}, "没有声明的输入“years”"),
        ({"income": "age > 3"}, "“income”列没有对应的输入"),
        ({"household": 'household == "牧区"'}, "“牧区”不是可选值，可选：城镇、牧业"),
    ],
)
def test_a_wrong_cell_makes_no_table(when, said):
    with pytest.raises(ConditionError, match=said):
        table((when, "A"))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"hit": "any"}, "命中方式"),
        ({"outputs": ("other",)}, "结果应恰好是 other"),
        ({"inputs": {"age": Whole(9, 1)}}, "范围 9 至 1 不对"),
        ({"inputs": {"age": Choice(())}}, "为空或有重复"),
        ({"inputs": {"age": Choice(("甲", "甲"))}}, "为空或有重复"),
        ({"inputs": {"年龄": Flag()}}, "字母、数字和下划线"),
    ],
)
def test_a_wrong_declaration_makes_no_table(changed, said):
    with pytest.raises(ConditionError, match=said):
        table(({}, "A"), **changed)


def test_a_table_without_rows_is_refused():
    with pytest.raises(ConditionError, match="至少要有一行"):
        table()


@pytest.mark.parametrize("cell", ["age > poor", "age + 1", "age / (age - age) > 1"])
def test_a_cell_that_cannot_be_judged_is_named(cell):
    wrong = table(({"age": cell}, "A"))
    with pytest.raises(ConditionError, match="第 1 行“年龄”列的条件"):
        decide(wrong, {"age": 3, "household": "牧业", "poor": True})
    with pytest.raises(ConditionError, match="第 1 行“年龄”列的条件"):
        prove(wrong)


def test_a_total_table_is_proven_sound():
    found = prove(TOTAL)
    assert found.is_sound
    assert (found.uncovered, found.overlaps, found.unreachable, found.sentences()) == ((), (), (), [])
    assert found.points < 100


def test_a_hole_is_named_with_its_range():
    found = prove(
        table(
            ({"age": "age < 60"}, "A"),
            ({"age": "age > 64"}, "B"),
            ({"age": "age >= 60 && age <= 64", "household": 'household == "城镇"'}, "C"),
        )
    )
    assert not found.is_sound
    assert [area.conditions for area in found.uncovered] == [{"age": "60 至 64", "household": "牧业"}]
    assert found.sentences() == ["“年龄”为 60 至 64、“户别”为牧业时没有一行适用，请补上一行。"]
    assert found.uncovered[0].example["household"] == "牧业"


def test_a_hole_of_a_single_number_is_found():
    found = prove(table(({"age": "age > 80"}, "A"), ({"age": "age < 80"}, "B")))
    assert [area.conditions for area in found.uncovered] == [{"age": "80"}]


def test_an_overlap_is_named_with_its_rows_and_range():
    found = prove(table(({"age": "age <= 60"}, "A"), ({"age": "age >= 55"}, "B"), hit="unique"))
    assert [(one.rows, [area.conditions for area in one.areas]) for one in found.overlaps] == [
        ((1, 2), [{"age": "55 至 60"}])
    ]
    assert found.sentences() == ["“年龄”为 55 至 60时第 1 行与第 2 行同时适用，请改窄其中一行。"]
    assert not found.is_sound


def test_under_first_an_overlap_is_told_but_settled_by_order():
    found = prove(table(({"age": "age >= 80"}, "A"), ({}, "B")))
    assert [one.rows for one in found.overlaps] == [(1, 2)]
    assert not found.overlaps[0].same_outputs
    assert found.is_sound


def test_a_row_that_never_fires_is_named():
    found = prove(table(({"age": "age >= 60"}, "A"), ({"age": "age >= 80"}, "B"), ({}, "C")))
    assert found.unreachable == (2,)
    assert found.sentences() == ["第 2 行永远轮不到，请删去或调整顺序。"]
    assert not found.is_sound


def test_an_input_that_is_computed_with_is_walked_wholly():
    found = prove(table(({"age": "age % 7 != 3"}, "A")))
    assert found.points == 121 * 2 * 2
    assert [area.conditions["age"].split("或")[0].strip() for area in found.uncovered] == ["3"]


def test_two_numbers_compared_with_each_other_are_walked_wholly():
    inputs = {"asked": Whole(1, 50), "given": Whole(1, 50)}
    holed = table(({"asked": "asked < given"}, "A"), ({"asked": "asked > given"}, "B"), inputs=inputs)
    assert prove(holed).points == 2500
    assert len(prove(holed).uncovered) == 50


def test_a_table_too_wide_to_walk_is_refused():
    wide = table(({"income": "income % 2 == 0"}, "A"), inputs={"income": Whole(0, 10_000_000)})
    with pytest.raises(ConditionError, match="范围过大"):
        prove(wide)
    many = table(({}, "A"), inputs={f"answer{place}": Flag() for place in range(18)})
    with pytest.raises(ConditionError, match="请拆成几张表"):
        prove(many)


def test_a_wide_range_compared_with_constants_is_proven_quickly():
    wide = table(
        ({"income": "income <= 1.5"}, "A"),
        ({"income": "income > 1"}, "B"),
        inputs={"income": Whole(-(10**12), 10**12)},
    )
    found = prove(wide)
    assert found.points < 20
    assert found.uncovered == ()
    assert found.overlaps == ()


numbers = st.integers(-12, 12)
comparisons = st.one_of(
    st.builds("{} {} {}".format, st.just("n"), st.sampled_from(["<", "<=", "==", "!=", ">", ">="]), numbers),
    st.builds("-n {} {}".format, st.sampled_from(["<", ">="]), numbers),
    st.builds("n in [{}, {}]".format, numbers, numbers),
    st.builds("n {} {}.5".format, st.sampled_from(["<", ">"]), st.integers(0, 9)),
)
cells = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        st.builds("!({})".format, inner),
        st.builds("(f ? {} : {})".format, inner, inner),
    ),
    max_leaves=4,
)


@given(st.lists(cells, min_size=1, max_size=4))
def test_the_proof_finds_what_walking_every_number_finds(texts):
    low, high = -10, 10
    rows = [Row({"n": text}, {"level": str(place)}) for place, text in enumerate(texts)]
    proven = Table("随机", {"n": Whole(low, high), "f": Flag()}, rows, ("level",))
    uncovered, overlaps, first = False, set(), set()
    for n, f in product(range(low, high + 1), (False, True)):
        hits = [
            number
            for number, row in enumerate(proven.cells, start=1)
            if all(proven.holds(cell, {"n": n, "f": f}) for cell in row)
        ]
        uncovered = uncovered or not hits
        first.update(hits[:1])
        overlaps.update((a, b) for a in hits for b in hits if a < b)
    found = prove(proven)
    assert bool(found.uncovered) == uncovered
    assert {one.rows for one in found.overlaps} == overlaps
    assert set(found.unreachable) == set(range(1, len(rows) + 1)) - first


def test_a_hole_is_named_up_to_the_last_number_before_the_next_constant():
    found = prove(table(({"age": "age >= 60 && age < 80 || age > 99"}, "A")))
    assert [area.conditions for area in found.uncovered] == [{"age": "0 至 59 或 80 至 99"}]
