"""The pages of certificates: who gets in, what the public reads, what a file turns out to be."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from siban.certificates import api
from siban.kernel import papers
from siban.kernel.models import JournalEntry, SecurityEvent
from siban.kernel.papers import PaperKind

from .conftest import AT, SUBJECT, Cast, issued
from .desks import as_citizen, as_staff, words

PROOF = PaperKind("test_proof", "演示证明", "证", "cases/notice.typ", "演示", {"item": "事项"})


@pytest.fixture
def paper(cast: Cast) -> papers.issue:
    return papers.issue(
        PROOF, subject=SUBJECT, issuer_code="演示", issuer_word="演示旗", issued_by="演示旗民政局",
        content={"item": "演示事项", "applicant": "演示甲", "applicant_id": "150***********0013"}, at=AT,
    )  # fmt: skip


def result(code: str) -> str:
    return reverse("verify-result", args=[code])


def test_anybody_verifies_by_identifier_or_code_without_log_in(cert: api.ECert) -> None:
    for typed in (cert.identifier, cert.verify_code, f" {cert.verify_code.lower()} "):
        response = Client().get(reverse("verify"), {"q": typed}, follow=True)
        said = words(response)
        assert "有效" in said
        assert cert.identifier in said
        assert "演**" in said
        assert "演示甲" not in said
        assert "演示街" not in said


@pytest.mark.parametrize(("verb", "label"), [("revoke", "已撤销"), ("cancel", "已注销"), ("suspend", "暂扣")])
def test_the_result_shows_a_certificate_for_what_it_is(cast: Cast, cert: api.ECert, verb: str, label: str) -> None:
    getattr(api, verb)(certificate_id=cert.pk, reason="演示理由，写得清楚", by=cast.reviewer, at=AT)
    said = words(Client().get(result(cert.verify_code)))
    assert label in said
    assert "这是一份有效的" not in said
    assert "演示理由" not in said


def test_a_paper_is_verified_on_the_same_page(paper: papers.issue) -> None:
    said = words(Client().get(result(paper.verify_code)))
    assert paper.number in said
    assert "演**" in said
    assert "演示甲" not in said


@pytest.mark.parametrize("typed", ["NOSUCHCODE12", "1.2.156.3005.2.1", "<script>", "%00", "长" * 190])
def test_an_unknown_code_is_answered_with_a_sentence_and_what_was_typed_is_kept(db: None, typed: str) -> None:
    response = Client().get(reverse("verify"), {"q": typed})
    assert response.status_code == 404
    assert "没有查到" in words(response)
    assert "<script>" not in words(response).replace("<script src", "")


def test_an_empty_question_asks_again(db: None) -> None:
    response = Client().get(reverse("verify"), {"q": " "})
    assert response.status_code == 422
    assert "请填写核验码" in words(response)


def upload(code: str, body: bytes) -> str:
    sent = SimpleUploadedFile("证照.pdf", body, content_type="application/pdf")
    return words(Client().post(result(code), {"file": sent}))


def test_a_file_is_compared_with_the_one_that_was_issued(cast: Cast, cert: api.ECert, house: Path) -> None:
    body = api.pdf(cert, at=AT)
    other = api.pdf(issued(cast), at=AT)
    place = body.index(b"stream") + 60
    changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
    assert "完全一致" in upload(cert.verify_code, body)
    assert "内容被改动过" in upload(cert.verify_code, changed)
    assert "正文内容被改动过" in upload(cert.verify_code, changed)
    assert "追加" in upload(cert.verify_code, body + b"\n% more")
    assert "不是这里查到的这一份" in upload(cert.verify_code, other)
    assert "无法核验" in upload(cert.verify_code, b"nonsense")


def test_the_file_check_wants_a_file(cert: api.ECert) -> None:
    response = Client().post(result(cert.verify_code), {})
    assert response.status_code == 422
    assert "请选择要核对的 PDF 文件" in words(response)


def test_mass_enquiry_is_braked_and_recorded_once(cert: api.ECert) -> None:
    client = Client()
    answers = [client.get(reverse("verify"), {"q": f"GUESS{n:07d}"}) for n in range(25)]
    assert [a.status_code for a in answers[:20]] == [404] * 20
    assert {a.status_code for a in answers[20:]} == {429}
    assert "操作太频繁" in words(answers[-1])
    assert int(answers[-1]["Retry-After"]) >= 1
    assert JournalEntry.objects.filter(subject_type="kernel.SecurityEvent").count() == 1
    assert SecurityEvent.objects.get().times == 5
    assert client.get(reverse("verify")).status_code == 200
    assert Client(REMOTE_ADDR="127.0.0.2").get(result(cert.verify_code)).status_code == 200


def test_a_person_sees_own_certificates_and_who_used_them(cast: Cast, cert: api.ECert) -> None:
    api.use(
        certificate_id=cert.pk, type_id=cert.type_id, holder_person_id=cert.person_id, holder_enterprise_id=None,
        purpose="办理演示事项", subject=SUBJECT, by=cast.clerk, at=AT,
    )  # fmt: skip
    client = as_citizen(cast.citizen_person)
    assert "使用记录 1 次" in words(client.get(reverse("my-certificates")))
    said = words(client.get(reverse("my-certificate", args=[cert.pk])))
    assert "办理演示事项" in said
    assert cast.office.name in said


def test_the_holder_disputes_with_a_reason(cast: Cast, cert: api.ECert) -> None:
    client, page = as_citizen(cast.citizen_person), reverse("my-certificate", args=[cert.pk])
    assert client.post(page, {"reason": "短"}).status_code == 422
    assert client.post(page, {"reason": "经营场所写错了"}).status_code == 302
    cert.refresh_from_db()
    assert cert.state == "disputed"


def test_strangers_and_neighbours_find_nothing(cast: Cast, cert: api.ECert) -> None:
    stranger = as_citizen(cast.stranger_person)
    neighbour = as_staff(cast.neighbour, "approver", cast.region)
    far = as_staff(cast.office, "service_admin", cast.far)
    clerk = as_staff(cast.office, "window_clerk", cast.region)
    mine, file = reverse("my-certificate", args=[cert.pk]), reverse("certificate-pdf", args=[cert.pk])
    desk, act = reverse("certificate-detail", args=[cert.pk]), reverse("certificate-act", args=[cert.pk, "revoke"])
    reason = {"reason": "演示理由，写得清楚"}
    assert "食品经营许可证" not in words(stranger.get(reverse("my-certificates")))
    for client in (stranger, neighbour, far):
        assert client.get(file).status_code == 404
    assert stranger.get(mine).status_code == 404
    assert stranger.post(mine, reason).status_code == 404
    assert stranger.get(desk).status_code == 403
    for client in (neighbour, far):
        assert client.get(desk).status_code == 404
        assert client.post(act, reason).status_code == 404
        assert cert.serial not in words(client.get(reverse("certificate-register")))
    assert clerk.get(desk).status_code == 403
    for page in (mine, file, desk, reverse("my-certificates"), reverse("certificate-register")):
        assert Client().get(page).status_code == 302
    cert.refresh_from_db()
    assert cert.state == "valid"


def test_the_file_goes_to_holder_and_office_and_the_offices_reading_is_journalled(
    cast: Cast, cert: api.ECert, house: Path
) -> None:
    file = reverse("certificate-pdf", args=[cert.pk])
    first = as_citizen(cast.citizen_person).get(file)
    second = as_staff(cast.office, "approver", cast.region).get(file)
    assert first.content == second.content
    assert first["Content-Type"] == "application/pdf"
    assert "no-store" in first["Cache-Control"]
    assert JournalEntry.objects.filter(subject_id=str(cert.pk), move="read").count() == 1


def test_a_paper_opens_only_for_who_may_see_its_subject(cast: Cast, paper: papers.issue) -> None:
    page = reverse("paper-pdf", args=[paper.pk])
    for client in (as_citizen(cast.citizen_person), as_staff(cast.office, "approver", cast.region)):
        assert client.get(page).status_code == 404
    assert Client().get(page).status_code == 302


def test_papers_of_an_unclaimed_kind_of_subject_are_closed_to_everybody(cast: Cast) -> None:
    lone = papers.issue(
        PROOF, subject=("nobody.Claims", "1"), issuer_code="演示", issuer_word="演示旗", issued_by="演示旗民政局",
        content={"item": "演示"}, at=AT,
    )  # fmt: skip
    assert not any(papers.viewers.may_see(who, lone) for who in (cast.citizen, cast.reviewer, cast.bureau))
    papers.viewers.register("nobody.Claims", lambda actor, key: actor == cast.citizen and key == "1")
    assert papers.viewers.may_see(cast.citizen, lone)
    assert not papers.viewers.may_see(cast.stranger, lone)


def test_the_office_acts_from_the_register_with_a_reason_and_loses_nothing_when_refused(
    cast: Cast, cert: api.ECert
) -> None:
    client = as_staff(cast.office, "approver", cast.region)
    assert cert.serial in words(client.get(reverse("certificate-register"), {"state": "valid", "q": "演示甲"}))
    assert cert.serial not in words(client.get(reverse("certificate-register"), {"state": "revoked"}))
    act = reverse("certificate-act", args=[cert.pk, "revoke"])
    short = client.post(act, {"reason": "短短短"})
    assert short.status_code == 422
    assert "短短短" in words(short)
    assert (
        client.post(reverse("certificate-act", args=[cert.pk, "resume"]), {"reason": "现在不能恢复的"}).status_code
        == 422
    )
    assert (
        client.post(reverse("certificate-act", args=[cert.pk, "nonsense"]), {"reason": "没有这种办理"}).status_code
        == 422
    )
    assert client.post(act, {"reason": "以欺骗手段取得，依法撤销"}).status_code == 302
    cert.refresh_from_db()
    assert cert.state == "revoked"
    assert "以欺骗手段取得" in words(client.get(reverse("certificate-detail", args=[cert.pk])))


def test_the_office_corrects_from_the_register(cast: Cast, cert: api.ECert) -> None:
    api.dispute(certificate_id=cert.pk, reason="经营场所写错了", by=cast.citizen, at=AT)
    client = as_staff(cast.office, "approver", cast.region)
    fields = {f"value-{n}": cert.values.get(name, "") for n, name in enumerate(cert.type.fields)}
    fields[f"value-{cert.type.fields.index('经营场所')}"] = "演示镇演示街 9 号"
    response = client.post(
        reverse("certificate-act", args=[cert.pk, "correct"]), {**fields, "reason": "核实后更正地址"}, follow=True
    )
    assert "演示镇演示街 9 号" in words(response)
    assert "第 2 版" in words(response)


def test_who_only_oversees_reads_the_register_masked_and_has_no_buttons(cast: Cast, cert: api.ECert) -> None:
    for role in ("service_admin", "supervisor", "auditor"):
        client = as_staff(cast.neighbour, role, cast.region)
        listed = words(client.get(reverse("certificate-register")))
        said = words(client.get(reverse("certificate-detail", args=[cert.pk])))
        assert cert.serial in listed
        assert "演示甲" not in listed + said
        assert "演示街" not in said
        assert "撤销" not in said
