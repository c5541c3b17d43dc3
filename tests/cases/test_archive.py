"""一人一档: what is kept about one, whole and only one's own, who looked at it; the bundle of a case."""

import io
import json
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siban.cases.models import Case
from siban.identity.api import Reading, unmask
from siban.kernel import journal

from . import cast as standing

pytestmark = pytest.mark.django_db
AT = standing.MONDAY


def unpacked(answer):
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


@pytest.fixture
def case(cast):
    made = standing.in_state(cast, "accepted")
    while journal.deliver(at=AT):
        pass
    return Case.objects.get(pk=made.pk)


def looked(cast, case, who="reviewer", purpose="核对申请人证件"):
    unmask(
        subject=case,
        field="applicant_id_number",
        purpose=purpose,
        by=cast.actors[who],
        at=AT,
        title=f"办件 {case.number}",
        what="证件号码",
    )


def test_the_person_sees_who_looked_and_why_and_a_stranger_nothing_of_it(cast, case):
    looked(cast, case)
    looked(cast, case)
    page = standing.client_of(cast, "citizen").get(reverse("my-archive"), {"part": "readings"})
    (line,) = [said for _, said in page.context["lines"]]
    assert (line["看了什么"], line["为什么"]) == ("证件号码", "核对申请人证件")
    assert "演示住建局" in line["谁"]
    other = standing.client_of(cast, "stranger").get(reverse("my-archive"), {"part": "readings"})
    assert other.context["lines"] == []


@pytest.mark.parametrize("part", ["cases", "certificates", "data", "readings"])
def test_every_part_opens_and_no_number_stands_in_full(cast, case, part):
    answer = standing.client_of(cast, "citizen").get(reverse("my-archive"), {"part": part, "since": "x", "page": "-1"})
    assert answer.status_code == 200
    assert case.applicant_id_number not in answer.content.decode()


def test_the_file_of_an_enterprise_opens_to_its_members_alone(cast):
    page = reverse("my-archive-firm", args=[cast.firm.pk])
    assert standing.client_of(cast, "citizen").get(page).status_code == 200
    assert standing.client_of(cast, "stranger").get(page).status_code == 404
    assert standing.client_of(cast, "stranger").get(page + "export/").status_code == 404


def test_the_whole_is_taken_along_for_people_and_programs(cast, case):
    looked(cast, case)
    packed = unpacked(standing.client_of(cast, "citizen").get(reverse("my-archive-export")))
    said = json.loads(packed.read("档案.json"))
    assert [line["办件编号"] for line in said["办件"]] == [case.number]
    assert said["谁看过"][0]["为什么"] == "核对申请人证件"
    assert packed.read("档案.pdf").startswith(b"%PDF-")


def test_no_query_more_for_more_readings(cast, case):
    browser, page = standing.client_of(cast, "citizen"), reverse("my-archive") + "?part=readings"
    browser.get(page)
    with CaptureQueriesContext(connection) as few:
        browser.get(page)
    asked = len(few)
    for n in range(15):
        looked(cast, case, purpose=f"第 {n} 次核对")
    with CaptureQueriesContext(connection) as many:
        browser.get(page)
    assert (len(many), Reading.objects.count()) == (asked, 15)
