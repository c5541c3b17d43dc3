"""Paper numbers have no gaps, and the same content gives the same sheet."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction

from siban.kernel import papers
from siban.kernel.models import Paper, PaperSeries
from siban.kernel.papers import PaperIncomplete, PaperKind

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def kind() -> Iterator[PaperKind]:
    made = PaperKind("test_note", "试验通知书", "试", "cases/notice.typ", "试验规则第一条", {"applicant": "申请人"})
    yield made
    sys.modules["siban.kernel.papers.issue"]._KINDS.pop("test_note")


def issued(kind: PaperKind, subject: str = "1", **over: object) -> Paper:
    return papers.issue(
        kind, subject=("test.Thing", subject), issuer_code="civil_affairs", issuer_word="旗民政", issued_by="演示民政局",
        content={"applicant": "演示甲", "item": "试验事项", **over}, at=AT,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_paper_without_its_mandatory_contents_does_not_leave(kind: PaperKind) -> None:
    with pytest.raises(PaperIncomplete, match="申请人"):
        issued(kind, applicant="")
    assert not Paper.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_under_concurrency_and_rollback(kind: PaperKind) -> None:
    def one(n: int) -> None:
        try:
            with transaction.atomic():
                issued(kind, str(n))
                if n % 3 == 0:
                    raise RuntimeError("the act fails after its paper")
        except RuntimeError:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(24)))
    assert sorted(Paper.objects.values_list("serial", flat=True)) == list(range(1, 17))
    assert PaperSeries.objects.get().last == 16
    assert Paper.objects.get(serial=16).number == "旗民政试〔2026〕16号"


@pytest.mark.django_db
def test_the_sheet_is_real_repeatable_and_readable(kind: PaperKind, tmp_path: Path) -> None:
    paper = issued(kind)
    body = papers.pdf(paper, verify_url="https://example.org/verify/x/")
    again = Paper.objects.get(pk=paper.pk)
    assert papers.pdf(again, verify_url="https://elsewhere.example.org/") == body
    Paper.objects.filter(pk=paper.pk).update(file=None)
    assert papers.pdf(Paper.objects.get(pk=paper.pk), verify_url="https://example.org/verify/x/") == body

    sheet = tmp_path / "paper.pdf"
    sheet.write_bytes(body)
    text = subprocess.run(["pdftotext", str(sheet), "-"], capture_output=True, text=True, check=True).stdout
    for words in ("试验通知书", paper.number, "演示甲", "演示民政局", paper.verify_code, "演示专用"):
        assert words in text.replace("\n", "").replace(" ", "") or words in text


@pytest.mark.django_db
def test_a_verification_code_is_found_however_it_is_typed(kind: PaperKind) -> None:
    paper = issued(kind)
    code = paper.verify_code.lower()
    assert papers.by_verify_code(f"{code[:4]} {code[4:8]}-{code[8:]}") == paper
    assert papers.by_verify_code("NOSUCHCODE22") is None
