"""一人一档、一企一档: everything about oneself, nothing of others; an official says why, sees what the post may see, masked."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siban.cases import actions
from siban.cases.queries import archive
from siban.certificates import api as certificates
from siban.identity import api as identity
from siban.identity.api import Reading
from siban.kernel import clock, journal
from siban.kernel.flow import Refused

from . import cast as standing


@pytest.fixture
def case(cast):
    made = standing.in_state(cast, "accepted", at=clock.now())
    while journal.deliver(at=clock.now()):
        pass
    return made


def page(cast, who, **asked):
    return standing.client_of(cast, who).get(reverse("my-archive"), asked)


def noted(cast, case, n, *, what="看了", at=None):
    return identity.note_reading(
        subject=case, title="办件", what=f"{what} {n}", purpose="核对身份", by=cast.reviewer, at=at or clock.now(),
        person_id=case.person_id,
    )  # fmt: skip


def test_each_section_is_one_page_and_its_statements_do_not_grow(cast, case):
    client = standing.client_of(cast, "citizen")
    for section in archive.SECTIONS:
        address = reverse("my-archive") + f"?part={section.name}"
        counts = []
        for n in range(2):
            client.get(address)
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            counts.append(len(caught))
            for more in range(6):
                noted(cast, case, f"{section.name}{n}{more}")
                standing.draft(cast)
        assert counts[0] == counts[1], section.name


def test_the_person_reads_who_looked_when_and_why_and_nobody_elses(cast, case):
    standing.client_of(cast, "reviewer").get(reverse("desk-case", args=[case.number]))
    reveal = reverse("desk-case-reveal", args=[case.number, "mobile"])
    standing.client_of(cast, "reviewer").post(reveal, {"purpose": "电话核实住址"})
    text = page(cast, "citizen", part="readings").content.decode()
    for word in ("打开办件", "办理这个办件", "手机号码", "电话核实住址", cast.reviewer.org_name, case.number):
        assert word in text
    assert cast.reviewer.name not in text
    assert "没有记录" in page(cast, "stranger", part="readings").content.decode()
    assert case.number not in page(cast, "stranger", part="cases").content.decode()


def test_the_same_reading_on_one_day_is_one_and_a_reading_without_reason_is_refused(cast, case):
    at = clock.now()
    first, again = noted(cast, case, 1, at=at), noted(cast, case, 1, at=at)
    assert first == again
    assert noted(cast, case, 1, at=at + timedelta(days=1)) != first
    for nothing in ("", " ", "\x00x"):
        with pytest.raises(Refused, match="查看原因"):
            identity.note_reading(
                subject=case,
                title="办件",
                what="x",
                purpose=nothing,
                by=cast.reviewer,
                at=at,
                person_id=case.person_id,
            )
    [entry] = journal.timeline(first)
    assert (entry.move, entry.note, entry.law) == ("read", "核对身份", "个人信息保护法第六条")


def test_pages_and_days_of_the_filter_hold_back_nothing_and_double_nothing(cast, case):
    now = clock.now()
    for n in range(archive.SIZE + 5):
        noted(cast, case, n, at=now - timedelta(days=n))
    owner = archive.Owner(person=cast.persons["citizen"])
    first, second = (archive.part(owner, "readings", number=n) for n in (1, 2))
    assert (len(first.lines), first.has_more) == (archive.SIZE, True)
    assert not second.has_more
    today = clock.local_day(now)
    assert len(archive.part(owner, "readings", since=today, until=today).lines) >= 1
    found = archive.part(owner, "readings", until=today - timedelta(days=archive.SIZE)).lines
    assert len(found) == 5
    for odd in ("2026-13-01", "x", "\x00"):
        assert page(cast, "citizen", part="readings", since=odd, page=odd).status_code == 200


def test_an_enterprise_has_its_file_for_whoever_belongs_to_it_now(cast):
    of = {"of": str(cast.firm.pk)}
    assert cast.firm.uscc in page(cast, "citizen", **of).content.decode()
    for wanted in (of, {"of": "x"}, {"of": str(cast.persons["citizen"].pk)}):
        assert page(cast, "stranger", **wanted).status_code == 404
    assert standing.client_of(cast, "stranger").get(reverse("my-archive-export"), of).status_code == 404


def test_the_copy_holds_every_row_in_full_and_is_noted(cast, case):
    answer = standing.client_of(cast, "citizen").get(reverse("my-archive-export"))
    book = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    said, shown = json.loads(book.read("档案.json")), book.read("档案.html").decode()
    assert {"资料", "办件", "证照", "谁查看过", "缴费", "邮件", "消息", "委托"} == set(said["sections"])
    assert case.number in said["sections"]["办件"][0]["事项"]
    assert any(line["记录"] == cast.persons["citizen"].id_number for line in said["sections"]["资料"])
    assert said["sections"]["谁查看过"][0]["看了什么"].startswith("导出全部档案")
    assert cast.persons["citizen"].id_number in shown
    assert cast.persons["citizen"].id_number not in page(cast, "citizen").content.decode()


def test_what_was_typed_is_no_markup_in_the_copy(cast):
    case = standing.draft(cast)
    actions.save_form(
        case_id=case.pk, values={"applicant_name": "<script>x</script>"}, by=cast.citizen, at=clock.now()
    )
    type(case).objects.filter(pk=case.pk).update(state="submitted", number="D1", submitted_at=clock.now())
    answer = standing.client_of(cast, "citizen").get(reverse("my-archive-export"))
    shown = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).read("档案.html").decode()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown


def opened(cast, who, **changed):
    person = cast.persons["citizen"]
    said = {"name": person.name, "number": person.id_number, "purpose": "核查投诉"} | changed
    return standing.client_of(cast, who).post(reverse("desk-archive"), said)


@pytest.mark.parametrize(
    ("who", "changed"),
    [
        ("other_reviewer", {}), ("reviewer", {"purpose": ""}), ("reviewer", {"name": "演示错"}), ("reviewer", {"number": "1"}),
        ("reviewer", {"number": "\x00"}),
    ],
)  # fmt: skip
def test_without_reason_or_right_or_the_right_name_nothing_is_shown_and_nothing_said(cast, case, who, changed):
    answer = opened(cast, who, **changed)
    assert answer.status_code == 422
    assert case.number not in answer.content.decode()
    assert not Reading.objects.filter(what__startswith="按证件号码").exists()


def test_an_official_sees_masked_what_the_post_may_see_today_and_the_person_is_told_why(cast, case):
    with transaction.atomic():
        certificates.issue(
            type_id="ec_id_card", person=cast.persons["citizen"], enterprise=None, issuer=cast.orgs["other"], values={},
            subject=("cases.Case", "x"), by=cast.other_reviewer, at=clock.now(),
        )  # fmt: skip
    answer = opened(cast, "reviewer")
    client = standing.client_of(cast, "reviewer")
    text = client.get(answer.url).content.decode()
    assert case.number in text
    for secret in (cast.persons["citizen"].name, cast.persons["citizen"].id_number, cast.persons["citizen"].mobile):
        assert secret not in text
    assert "居民身份证" not in client.get(answer.url + "?part=certificates").content.decode()  # another office's
    for part in ("messages", "readings", "x"):
        assert case.number in client.get(answer.url + f"?part={part}").content.decode()  # the first section instead
    for who in ("inspector", "other_reviewer", "chief"):
        assert standing.client_of(cast, who).get(answer.url).status_code == 404
    assert "核查投诉" in page(cast, "citizen", part="readings").content.decode()
    Reading.objects.filter(what__startswith="按证件号码").update(day=clock.local_day(clock.now()) - timedelta(days=1))
    assert client.get(answer.url).status_code == 404
