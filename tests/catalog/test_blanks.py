"""Blank forms and samples: every material that is a form has them, and foreign programs open them."""

import io
import re
import subprocess
from datetime import date
from typing import Any

import docx
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from siban.catalog import actions, blanks
from siban.catalog.blanks.sheet import letters
from siban.catalog.content import FormField, Material, read
from siban.catalog.forms import form_fields
from siban.catalog.models import ImplementationItem, ItemVersion, MaterialGrain
from siban.kernel import files
from siban.kernel.flow import Refused

from .conftest import AT, acting, logged_in

DAY = date(2026, 3, 2)
SLUG = "civil_affairs.minimum_living"


def words_of(body: bytes) -> str:
    """Everything a DOCX says, tables and lists inside tables included."""
    root = docx.Document(io.BytesIO(body)).element.body
    return "".join(root.itertext())


def forms_of(slugs: str = "") -> list[tuple[Any, Material]]:
    versions = ItemVersion.objects.filter(item__level=4, item__slug__startswith=slugs).order_by("item__slug")
    return [(v.elements, m) for v in versions for m in v.elements.materials if m.is_form]


def test_every_form_of_every_item_has_a_blank_and_a_sample_with_all_its_fields(library: None) -> None:
    every = forms_of()
    assert len(every) > 180
    for content, material in every:
        blank = blanks.sheet_of(content, material, sample=False, today=DAY)
        sample = blanks.sheet_of(content, material, sample=True, today=DAY)
        places = [c for s in sample.sections for line in s.lines for c in line]
        labels = {c.label for c in places} | {g.label for s in sample.sections for g in s.grids}
        asked = [
            f for f in form_fields(content, [material.id]) if f.type not in ("signature", "commitment", "consent")
        ]
        assert {f.name for f in asked if f.element != "application_date"} <= labels, (content.id, material.id)
        assert all(c.value or any(b.ticked for b in c.boxes) for c in places), (content.id, material.id)
        empty = [c for s in blank.sections for line in s.lines for c in line]
        assert not any(c.value or any(b.ticked for b in c.boxes) for c in empty)
        assert not any(word for s in blank.sections for g in s.grids for row in g.rows for word in row)
        assert sample.signs
        assert len(sample.signed) == len(sample.signs)


@pytest.mark.parametrize("kind", blanks.KINDS)
def test_files_are_opened_by_other_programs_and_say_what_the_form_asks(library: None, kind: str) -> None:
    for content, material in forms_of("civil_affairs."):
        said = {"content_hash": content.id, "kind": kind, "today": DAY}
        words = words_of(blanks.file_of(content, material, suffix="docx", **said))
        assert all(
            f.name in words
            for f in material.form_fields
            if f.type not in ("signature", "commitment", "consent", "date")
        )
        pdf = blanks.file_of(content, material, suffix="pdf", **said)
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert len(opened.pages) >= 1
            assert str(opened.docinfo["/Title"]) == material.name
        read_out = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        assert re.sub(r"\s", "", material.name) in re.sub(r"\s", "", read_out)
        assert ("样表" in read_out) == (kind == "sample")
        assert pdf == blanks.file_of(content, material, suffix="pdf", **said)


def test_a_form_without_fields_is_worded_as_its_letter_and_any_other_as_a_plain_statement(library: None) -> None:
    content = next(c for c, _ in forms_of("health.medical_institution"))
    letter = next(m for m in content.materials if m.grain_id == "commitment_general")
    sheet = blanks.sheet_of(content, letter, sample=False, today=DAY)
    assert content.commitment.content in " ".join(sheet.text)
    unknown = Material(id="m99", name="演示声明", grain_id="nowhere", is_form=True)
    assert content.name in " ".join(blanks.sheet_of(content, unknown, sample=True, today=DAY).text)
    plain = blanks.sheet_of(read({**vars_of(content), "commitment": None}), letter, sample=False, today=DAY)
    assert not any("{" in text or "None" in text for text in plain.text)


def vars_of(content: Any) -> dict[str, Any]:
    return dict(ItemVersion.objects.get(item__slug=content.id).content)


def test_every_letter_belongs_to_a_standard_material_and_asks_for_known_elements(library: None) -> None:
    said = letters()
    assert set(said["letters"]) <= set(MaterialGrain.objects.filter(is_form=True).values_list("pk", flat=True))
    for letter in (*said["letters"].values(), said["other"]):
        asked = read_fields(letter["fields"])
        assert [f.element for f in asked] == letter["fields"]


def read_fields(names: list[str]) -> list[FormField]:
    from siban.catalog.elements import elements

    return [FormField(name=elements()[n].name, element=n, type=elements()[n].type) for n in names]


@pytest.fixture
def draft(library: None) -> ImplementationItem:
    item = ImplementationItem.objects.get(slug=SLUG)
    actions.request_change(
        item=item.pk, reason="换用民政部门统一表格", by=acting("dept_admin", "civil_affairs"), at=AT
    )
    return item


def form_id() -> str:
    return next(m.id for c, m in forms_of(SLUG))


def test_a_units_own_file_takes_the_place_of_the_drawn_one_after_publication(
    draft: ImplementationItem, client: Any
) -> None:
    manager, chief, material = acting("dept_admin", "civil_affairs"), acting("service_admin", "gov_service"), form_id()
    own = blanks.file_of(
        draft.version.elements,
        draft.version.elements.material(material),
        content_hash="x",
        kind="blank",
        suffix="docx",
        today=DAY,
    )
    browser = logged_in("dept_admin", "civil_affairs")
    sent = browser.post(
        f"/desk/items/{draft.pk}/forms/{material}/blank/", {"file": SimpleUploadedFile("统一表格.docx", own)}
    )
    assert sent.status_code == 302
    assert "本单位上传" in browser.get(f"/desk/items/{draft.pk}/forms/").content.decode()
    public = f"/items/{draft.impl_code}/forms/{material}/blank"
    assert client.get(f"{public}/own/").status_code == 404
    for step, by in (
        (actions.self_check, manager),
        (actions.submit, manager),
        (actions.review, chief),
        (actions.publish, chief),
    ):
        step(item=draft.pk, by=by, at=AT)
    got = client.get(f"{public}/own/")
    assert b"".join(got.streaming_content) == own
    assert "attachment" in got["Content-Disposition"]
    assert f"{public}/own/" in client.get(f"/items/{draft.impl_code}/").content.decode()
    actions.request_change(item=draft.pk, reason="恢复自动生成的表格", by=manager, at=AT)
    actions.restore_form(item=draft.pk, material_id=material, kind="blank", by=manager, at=AT)
    assert (
        blanks.own_file(ItemVersion.objects.get(item=draft, is_published=False).elements.material(material), "blank")
        is None
    )


def test_what_is_no_document_is_refused_with_a_sentence_and_changes_nothing(draft: ImplementationItem) -> None:
    browser, place = logged_in("dept_admin", "civil_affairs"), f"/desk/items/{draft.pk}/forms/{form_id()}/blank/"
    before = ItemVersion.objects.get(item=draft, is_published=False).content_hash
    for file, said in (
        (SimpleUploadedFile("a.docx", b"MZ\x90\x00 not a document"), "a.docx"),
        (SimpleUploadedFile("b.pdf", b"<svg onload=alert(1)>"), "b.pdf"),
    ):
        answer = browser.post(place, {"file": file})
        assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert "还没有选择文件" in browser.post(place, {}).content.decode()
    assert ItemVersion.objects.get(item=draft, is_published=False).content_hash == before


def test_only_the_items_own_manager_changes_its_forms(draft: ImplementationItem) -> None:
    material, other = form_id(), acting("dept_admin", "market_regulation")
    with pytest.raises(ImplementationItem.DoesNotExist):
        actions.restore_form(item=draft.pk, material_id=material, kind="blank", by=other, at=AT)
    with pytest.raises(Refused):
        actions.restore_form(
            item=draft.pk, material_id=material, kind="blank", by=acting("service_admin", "gov_service"), at=AT
        )
    browser = logged_in("dept_admin", "market_regulation")
    assert browser.get(f"/desk/items/{draft.pk}/forms/").status_code == 404
    assert browser.get(f"/desk/items/{draft.pk}/forms/{material}/blank/pdf/").status_code == 404
    assert browser.post(f"/desk/items/{draft.pk}/forms/{material}/blank/", {"do": "restore"}).status_code == 404


def test_a_lower_level_keeps_the_forms_of_its_base_item(library: None) -> None:
    lower = (
        ImplementationItem.objects.filter(base__slug=SLUG).order_by("slug").first()
        or ImplementationItem.objects.filter(level=5).order_by("slug").first()
    )
    assert lower is not None
    by = acting("dept_admin", lower.org.code)
    actions.request_change(item=lower.pk, reason="想换表格试试", by=by, at=AT)
    material = next((m.id for m in lower.version.elements.materials if m.is_form), None)
    if material is None:
        return
    with pytest.raises(Refused, match="上级事项"):
        actions.replace_form(
            item=lower.pk, material_id=material, kind="blank", file=io.BytesIO(pdf_of()), name="a.pdf", by=by, at=AT
        )


def pdf_of() -> bytes:
    content, material = forms_of(SLUG)[0]
    return blanks.file_of(content, material, content_hash="y", kind="blank", suffix="pdf", today=DAY)


def test_an_upload_is_kept_byte_for_byte(draft: ImplementationItem) -> None:
    body = pdf_of()
    actions.replace_form(
        item=draft.pk, material_id=form_id(), kind="sample", file=io.BytesIO(body), name="样表.pdf",
        by=acting("dept_admin", "civil_affairs"), at=AT,
    )  # fmt: skip
    material = ItemVersion.objects.get(item=draft, is_published=False).elements.material(form_id())
    from siban.kernel.models import StoredFile

    assert files.read(StoredFile.objects.get(pk=blanks.own_file(material, "sample"))) == body


def test_no_file_of_persons_gets_out_through_a_form(draft: ImplementationItem, client: Any) -> None:
    """A draft that names somebody's stored file offers nothing."""
    version = ItemVersion.objects.get(item=draft, is_published=False)
    theirs = files.keep(pdf_of(), name="张贴.pdf", at=AT, subject=("cases.Case", "1"))
    content = {
        **version.content,
        "materials": [{**m, "blank_form_file": f"file:{theirs.pk}"} for m in version.content["materials"]],
    }
    ItemVersion.objects.filter(pk=version.pk).update(content=content)
    browser = logged_in("dept_admin", "civil_affairs")
    assert browser.get(f"/desk/items/{draft.pk}/forms/{form_id()}/blank/own/").status_code == 404


def sent(rows: list[dict[str, Any]], seen: str) -> dict[str, Any]:
    """What a browser sends from the page of the fields."""
    said: dict[str, Any] = {"seen": seen, "fields-TOTAL_FORMS": len(rows), "fields-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        said |= {f"fields-{number}-{name}": value for name, value in row.items()}
    return said


def test_fields_of_a_form_are_edited_and_the_blank_form_follows(draft: ImplementationItem) -> None:
    browser, place = logged_in("dept_admin", "civil_affairs"), f"/desk/items/{draft.pk}/forms/{form_id()}/"
    before = ItemVersion.objects.get(item=draft, is_published=False)
    assert browser.get(place).status_code == 200
    rows = [
        {"place": 2, "element": "mobile_phone", "name": "本人手机", "required": "on"},
        {"place": 1, "element": "applicant_name", "name": ""},
        {"place": "", "element": "", "name": "不要的"},
    ]
    assert browser.post(place, sent(rows, before.content_hash)).status_code == 302
    material = ItemVersion.objects.get(item=draft, is_published=False).elements.material(form_id())
    assert [(f.element, f.name, f.required) for f in material.form_fields] == [
        ("applicant_name", "申请人姓名", False), ("mobile_phone", "本人手机", True),
    ]  # fmt: skip
    file = browser.get(f"{place}blank/docx/")
    assert "本人手机" in words_of(b"".join(file.streaming_content))
    stale = browser.post(place, sent(rows[:1], before.content_hash))
    assert (stale.status_code, "别人改过" in stale.content.decode()) == (409, True)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"element": "uscc"}, {"element": "uscc"}], "选了两次"),
        ([{"element": ""}], "至少要有一个字段"),
        ([{"element": "nowhere"}], "只能从列出的选项中选择"),
        ([{"element": "uscc", "place": "0"}], "第 1 行"),
    ],
)
def test_wrong_fields_are_explained_and_nothing_is_kept(draft: ImplementationItem, rows: Any, said: str) -> None:
    before = ItemVersion.objects.get(item=draft, is_published=False)
    answer = logged_in("dept_admin", "civil_affairs").post(
        f"/desk/items/{draft.pk}/forms/{form_id()}/", sent(rows, before.content_hash)
    )
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert ItemVersion.objects.get(item=draft, is_published=False).content_hash == before.content_hash
