"""All papers of a case in one file: the same every time, only one's own, and whoever takes it is noted with the reason."""

import io
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from siban.identity.api import Reading
from siban.kernel import clock, files
from siban.kernel.files import Packed
from siban.kernel.files.packing import names
from siban.kernel.ids import uuid7

from . import cast as standing

NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)


@given(st.lists(st.tuples(st.sampled_from(["", "1 文书", "../.."]), NAMES, st.binary(max_size=50)), max_size=8))
def test_whatever_files_are_called_each_is_in_the_zip_once_and_inside_its_folder(said):
    entries = [Packed(folder, name, lambda body=body: [body]) for folder, name, body in said]
    whole = b"".join(files.packed(entries))
    assert whole == b"".join(files.packed(entries))
    book = zipfile.ZipFile(io.BytesIO(whole))
    assert book.testzip() is None
    assert [book.read(i) for i in book.infolist()] == [body for *_, body in said]
    assert len({n.lower() for n in book.namelist()}) == len(said)
    assert not any(part in ("..", "") for n in book.namelist() for part in n.split("/"))
    assert names(entries) == [i.filename for i in book.infolist()]


def test_a_file_the_store_has_lost_is_named_and_the_rest_is_sent():
    def gone():
        raise FileNotFoundError
        yield b""

    book = zipfile.ZipFile(
        io.BytesIO(b"".join(files.packed([Packed("", "甲.pdf", gone), Packed("", "乙.pdf", lambda: [b"x"])])))
    )
    assert [n.startswith("甲.pdf（暂时取不到") for n in book.namelist()] == [True, False]
    assert book.read("乙.pdf") == b"x"


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path


def taken(client, name, case, **posted):
    address = reverse(name, args=[case.number])
    answer = client.post(address, posted) if posted else client.get(address)
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) if answer.streaming else answer


@pytest.fixture
def case(cast, home):
    return standing.in_state(cast, "accepted", at=clock.now())


def test_the_applicant_takes_contents_form_papers_and_what_was_handed_in_the_same_each_time(cast, case):
    client = standing.client_of(cast, "citizen")
    book = taken(client, "case-bundle", case)
    listed = book.namelist()
    assert listed[0] == "0 目录.pdf"
    assert "3 提交的材料/申请表.pdf" in listed
    assert any(n.startswith("1 文书/受理通知书") for n in listed)
    assert sum(n.startswith("3 提交的材料/") for n in listed) == case.materials.exclude(file=None).count() + 1
    again = taken(client, "case-bundle", case)
    assert [book.read(n) for n in listed] == [again.read(n) for n in again.namelist()]
    noted = Reading.objects.get(what="下载全部文书和材料")
    assert (noted.person, noted.actor_id, noted.purpose) == (
        cast.persons["citizen"],
        cast.citizen.id,
        "申请人一方下载全部文书材料",
    )


def test_a_stranger_a_neighbour_office_and_a_visitor_take_nothing(cast, case):
    assert standing.client_of(cast, "stranger").get(reverse("case-bundle", args=[case.number])).status_code == 404
    other = standing.client_of(cast, "other_reviewer")
    assert other.post(reverse("desk-case-bundle", args=[case.number]), {"purpose": "看看"}).status_code == 404
    assert Client().get(reverse("case-bundle", args=[case.number])).status_code == 302
    assert not Reading.objects.filter(what__startswith="下载").exists()


def test_an_official_says_why_first_and_the_person_reads_it(cast, case):
    client, address = standing.client_of(cast, "reviewer"), reverse("desk-case-bundle", args=[case.number])
    assert "先写明为什么要看" in client.get(address).content.decode()
    assert client.post(address, {"purpose": " "}).status_code == 422
    assert not Reading.objects.filter(what__startswith="下载").exists()
    book = taken(client, "desk-case-bundle", case, purpose="归档前核对")
    assert "3 提交的材料/申请表.pdf" in book.namelist()
    noted = Reading.objects.get(what="下载全部文书和材料")
    assert (noted.actor_name, noted.org_name, noted.purpose) == (
        cast.reviewer.name,
        cast.reviewer.org_name,
        "归档前核对",
    )


def test_who_only_oversees_takes_the_papers_alone_and_opens_no_file_without_a_reason(cast, case):
    client = standing.client_of(cast, "inspector")
    book = taken(client, "desk-case-bundle", case, purpose="督查抽查")
    assert all(n.startswith(("0 目录", "1 文书/")) for n in book.namelist())
    row = case.materials.exclude(file=None).order_by("pk").first()
    address = reverse("desk-case-file", args=[case.number, row.pk])
    assert "先写明为什么要看" in client.get(address).content.decode()
    assert not client.get(address).streaming
    assert b"".join(client.post(address, {"purpose": "核查投诉"}).streaming_content)
    assert Reading.objects.get(what__startswith="材料").purpose == "核查投诉"


def test_opening_a_case_is_noted_once_a_day_with_the_reason_of_the_post(cast, case):
    for who, why in (("reviewer", "办理这个办件"), ("inspector", "监督检查")):
        for _ in range(2):
            assert standing.client_of(cast, who).get(reverse("desk-case", args=[case.number])).status_code == 200
        assert Reading.objects.get(actor_id=cast.actors[who].id, what="打开办件").purpose == why
    standing.client_of(cast, "citizen").get(reverse("my-case", args=[case.number]))
    assert Reading.objects.count() == 2


def test_statements_do_not_grow_with_what_was_handed_in(cast, case):
    client, counts = standing.client_of(cast, "citizen"), []
    taken(client, "case-bundle", case)
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            taken(client, "case-bundle", case)
        counts.append(len(caught))
        for row in list(case.materials.exclude(file=None)):
            row.pk, row._state.adding = uuid7(), True
            row.save(force_insert=True)
    assert counts[0] == counts[1]
