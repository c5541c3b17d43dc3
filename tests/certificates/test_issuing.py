"""Issuing: identifiers, gapless serials, what is printed, who may hold."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from siban.certificates import api, reference, rules
from siban.certificates.models import ECertSeries, ECertType
from siban.kernel import journal
from siban.kernel.codes import certificate as codes
from siban.kernel.flow import Refused

from .conftest import AT, SUBJECT, Cast, issued, make_cast

VECTORS = [
    ("11100000000013338W011", "11430000006122244L", "20230000403", 1, "U"),
    ("11100000000013338W032", "11220000013544541J", "2430599", 1, "F"),
    ("11100000000013338W011", "11110000000021135M", "20230329701", 3, "Y"),
]


@pytest.mark.parametrize(("kind", "issuer", "serial", "version", "check"), VECTORS)
def test_identifiers_close_with_the_check_character_of_the_standard(
    kind: str, issuer: str, serial: str, version: int, check: str
) -> None:
    assert (
        codes.build(kind, issuer, serial, version) == f"1.2.156.3005.2.{kind}.{issuer}.{serial}.{version:03d}.{check}"
    )


@pytest.mark.django_db
def test_every_type_of_the_reference_is_in_the_table_with_a_sound_code() -> None:
    declared = reference.declared()
    assert ECertType.objects.count() == len(declared) > 60
    assert reference.load() == len(declared) == ECertType.objects.count()
    for kind in ECertType.objects.all():
        codes.build(kind.type_code21, "11430000006122244L", "1", 1)
        assert kind.fields


def test_a_certificate_carries_a_national_identifier_of_type_issuer_serial_and_version(cast: Cast) -> None:
    made = issued(cast)
    parts = codes.parse(made.identifier)
    assert (parts.type_code, parts.issuer, parts.serial, parts.version) == (
        made.type.type_code21, cast.office.uscc, "20260000001", 1,
    )  # fmt: skip


def test_serials_run_apart_for_type_issuer_and_year(cast: Cast) -> None:
    assert [issued(cast).serial for _ in range(3)] == ["20260000001", "20260000002", "20260000003"]
    assert issued(cast, issuer=cast.neighbour).serial == "20260000001"
    assert issued(cast, type_id="ec_food_workshop").serial == "20260000001"
    new_year = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # already the first of January in Shanghai
    assert issued(cast, at=new_year).serial == "20270000001"


def test_a_decision_that_falls_leaves_no_gap_in_the_serials(cast: Cast) -> None:
    issued(cast)
    with transaction.atomic():
        issued(cast)
        transaction.set_rollback(True)
    assert issued(cast).serial == "20260000002"


@pytest.mark.django_db(transaction=True)
def test_two_offices_clerks_at_once_get_serials_without_gap_or_double() -> None:
    cast = make_cast()
    faults: list[BaseException] = []
    start = threading.Barrier(2)

    def work() -> None:
        try:
            start.wait(10)
            for _ in range(8):
                issued(cast)
        except Exception as fault:  # noqa: BLE001 - whatever happened in the thread is told below
            faults.append(fault)
        finally:
            connection.close()

    pair = [threading.Thread(target=work) for _ in range(2)]
    for one in pair:
        one.start()
    for one in pair:
        one.join(60)
    assert not faults
    assert sorted(api.ECert.objects.values_list("serial", flat=True)) == [f"2026{n:07d}" for n in range(1, 17)]
    assert ECertSeries.objects.get().last == 16


@pytest.mark.django_db(transaction=True)
def test_issuing_outside_the_decisions_transaction_is_a_programming_fault() -> None:
    cast = make_cast()
    with pytest.raises(RuntimeError, match="transaction"):
        api.issue(
            type_id="ec_food_business", person=cast.citizen_person, enterprise=None, issuer=cast.office, values={},
            subject=SUBJECT, by=cast.reviewer, at=AT,
        )  # fmt: skip


def test_only_fields_of_the_type_are_printed_and_the_office_fills_what_it_knows(cast: Cast) -> None:
    made = api.ECert.objects.select_related("type").get(pk=issued(cast).pk)
    assert [name for name, _ in made.lines] == ["经营者名称", "经营场所", "主体业态", "有效期"]
    assert made.values["经营者名称"] == "演示甲"
    assert made.values["有效期"] == "2026年3月2日至2031年3月1日"
    assert made.valid_to == date(2031, 3, 2)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"type_id": "ec_unknown"}, "没有登记"),
        ({"type_id": "ec_business_licence"}, "只发给单位"),
        ({"person": None}, "只能有一个持证主体"),
    ],
)
def test_issuing_refuses_what_the_type_does_not_allow(cast: Cast, changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        issued(cast, **changed)


def test_issuing_refuses_a_persons_certificate_for_an_enterprise(cast: Cast) -> None:
    with pytest.raises(Refused, match="只发给个人"):
        issued(cast, type_id="ec_id_card", person=None, enterprise=cast.enterprise)


def test_issuing_refuses_an_office_without_a_code(cast: Cast) -> None:
    cast.office.uscc = None
    cast.office.save()
    with pytest.raises(Refused, match="统一社会信用代码"):
        issued(cast)


def test_issuing_writes_the_first_row_of_the_certificates_journal_without_personal_values(cast: Cast) -> None:
    made = issued(cast)
    [row] = journal.timeline(made)
    assert (row.move, row.target, row.law) == ("issue", "valid", "国务院令第716号第十条")
    assert "演示甲" not in str(row.changes) + str(row.facts)


@pytest.mark.parametrize(
    ("validity", "start", "end"),
    [
        ("5年", date(2026, 3, 2), date(2031, 3, 2)),
        ("一般5年，最长10年", date(2026, 3, 2), date(2031, 3, 2)),
        ("4年", date(2024, 2, 29), date(2028, 2, 29)),
        ("3年", date(2024, 2, 29), date(2027, 3, 1)),
        ("长期", date(2026, 3, 2), None),
        ("1年，逐年签注", date(2026, 3, 2), None),
        ("1年内开工", date(2026, 3, 2), None),
        ("3个月或1年", date(2026, 3, 2), None),
        ("6年、10年、长期", date(2026, 3, 2), None),
        ("长期（5年定期注册）", date(2026, 3, 2), None),
        ("按证载", date(2026, 3, 2), None),
    ],
)
def test_the_period_is_worked_out_only_where_the_type_says_it_plainly(
    validity: str, start: date, end: date | None
) -> None:
    assert rules.period_end(validity, start) == end
