"""`siban search` answers questions for machines: one stable form, clear words where it cannot."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def said(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("search", *arguments, stdout=out, **options)
    return out.getvalue()


def test_a_question_is_answered_in_lines_of_six_columns(library: None) -> None:
    first, *hits = said("营业执照", limit=3).splitlines()
    assert first == "营业执照"
    columns = hits[0].split("\t")
    assert columns[:2] == ["1", "market_regulation.individual_establish"]
    assert len(columns) == 6
    assert len(columns[3]) == 31
    assert len([h for h in hits if h]) == 3


def test_a_file_is_answered_line_by_line(library: None, tmp_path: Path) -> None:
    place = tmp_path / "questions.txt"
    place.write_text("\ufeff# 说明\n\n离婚\n  结婚  \n", encoding="utf-8")
    lines = [json.loads(line) for line in said(file=str(place), format="jsonl", limit=2).splitlines()]
    assert [line["query"] for line in lines] == ["离婚", "结婚"]
    assert [line["hits"][0]["slug"] for line in lines] == ["civil_affairs.divorce", "civil_affairs.marriage"]
    assert json.loads(said(file=str(place), format="json", limit=2)) == lines
    assert set(lines[0]["hits"][0]) == {"rank", "slug", "name", "impl_code", "score", "why"}


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe\n", "不是 UTF-8"), (b"# only\n\n", "没有要找的话"), (None, "读不了文件")]
)
def test_a_file_that_cannot_be_read_is_named(library: None, tmp_path: Path, content: bytes | None, words: str) -> None:
    place = tmp_path / "questions.txt"
    if content is not None:
        place.write_bytes(content)
    with pytest.raises(CommandError, match=words) as refused:
        said(file=str(place))
    assert refused.value.returncode == 2


def test_an_empty_library_is_said(db: None) -> None:
    with pytest.raises(CommandError, match="还没有发布的事项") as refused:
        said("身份证")
    assert refused.value.returncode == 2
