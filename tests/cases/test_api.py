"""Applications over the interface: once a key, places named, tokens checked."""

import json

import pytest
from django.test import Client

from siban.cases.models import Case
from siban.exchange import api as exchange
from siban.exchange.models import GivenAnswer
from siban.kernel import journal
from siban.kernel.actor import SYSTEM

from . import cast as standing

ADDRESS = "/api/v1/applications"


@pytest.fixture
def token(cast):
    _, token = exchange.register_client(
        name="演示业务系统", org=cast.orgs["hall"], role="window_clerk", region_code=standing.BANNER,
        scopes=["applications"], by=SYSTEM, at=standing.MONDAY,
    )  # fmt: skip
    return token


def body(cast, **changed):
    model = standing.draft(cast)
    model.answers = {"q1": "a"}
    form = standing.good_form(model)
    Case.objects.filter(pk=model.pk).update(state="withdrawn")
    said = {
        "item": cast.items[standing.SITUATED].impl_code,
        "person": {"name": "演示甲", "id_number": standing.number(1)},
        "answers": {"q1": "a"},
        "form": form,
        "materials": [{"material_id": m} for m in ("m02", "m03", "m04", "m06", "m07")],
    }
    return {**said, **changed}


def send(said, token, key="k-1", **headers):
    data = said if isinstance(said, (str, bytes)) else json.dumps(said, ensure_ascii=False)
    given = {"HTTP_AUTHORIZATION": f"Bearer {token}", "HTTP_IDEMPOTENCY_KEY": key, **headers}
    return Client().post(ADDRESS, data, content_type="application/json", **given)


def submitted():
    return Case.objects.exclude(number=None)


def test_an_application_is_handed_in_and_can_be_followed(cast, token):
    answer = send(body(cast), token)
    assert answer.status_code == 201, answer.json()
    case = submitted().get()
    assert (answer.json()["number"], answer.json()["state"], case.channel) == (case.number, "submitted", "api")
    assert case.missing_materials() == []
    assert case.used_comprehensive_window is False
    followed = Client().get(f"{ADDRESS}/{case.number}", HTTP_AUTHORIZATION=f"Bearer {token}")
    assert followed.json()["state_label"] == "已收件"


def test_the_same_request_again_has_the_same_answer_and_makes_nothing(cast, token):
    said = body(cast)
    first, second = send(said, token), send(said, token)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert submitted().count() == 1


def test_another_request_under_the_same_key_is_refused(cast, token):
    said = body(cast)
    send(said, token)
    answer = send({**said, "answers": {"q1": "b"}}, token)
    assert (answer.status_code, "幂等键" in answer.json()["error"]) == (409, True)
    assert submitted().count() == 1


def test_another_key_makes_another_case(cast, token):
    said = body(cast)
    assert {send(said, token, key=k).status_code for k in ("a", "b")} == {201}
    assert submitted().count() == 2


def test_a_refused_request_keeps_its_key_free(cast, token):
    said = body(cast)
    assert send({**said, "item": "1" * 31}, token).status_code == 422
    assert GivenAnswer.objects.count() == 0
    assert send(said, token).status_code == 201


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer forged", "Basic abc"])
def test_a_missing_or_forged_token_is_sent_away_and_journalled(cast, given):
    answer = send(body(cast), "", HTTP_AUTHORIZATION=given)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "访问令牌" in answer.json()["error"]
    assert [row.move for row in journal.timeline(("exchange.ApiClient", "unknown"))] == ["refuse_token"]
    assert not submitted().exists()


def test_a_token_without_the_scope_is_refused(cast):
    _, token = exchange.register_client(
        name="演示查询系统", org=cast.orgs["hall"], role="window_clerk", region_code=standing.BANNER, scopes=[],
        by=SYSTEM, at=standing.MONDAY,
    )  # fmt: skip
    assert send(body(cast), token).status_code == 403


def test_a_request_without_a_key_is_told_what_to_do(cast, token):
    answer = send(body(cast), token, key="")
    assert (answer.status_code, "幂等键" in answer.json()["error"]) == (400, True)


@pytest.mark.parametrize(
    ("changed", "path", "sentence"),
    [
        ({"item": "1" * 31}, "item", "没有编码为"),
        ({"person": None}, "person", "没有写明申请人"),
        ({"person": {"name": "演示甲", "id_number": "123"}}, "person.id_number", "18 位"),
        ({"person": {"name": "演示甲"}}, "person", "无法识别"),
        ({"enterprise": {"name": "演示", "uscc": "1"}}, "enterprise.uscc", "统一社会信用代码"),
        ({"unknown": 1}, "", "无法识别"),
        ({"materials": [{"material_id": 3}]}, "materials[0].material_id", "无法识别"),
    ],
)
def test_what_is_wrong_is_named_by_place(cast, token, changed, path, sentence):
    answer = send(body(cast, **changed), token)
    assert answer.status_code == 422
    (wrong,) = answer.json()["errors"]
    assert wrong["path"] == path
    assert sentence in wrong["sentence"]
    assert not submitted().exists()


def test_every_wrong_field_of_the_form_is_named(cast, token):
    said = body(cast)
    said["form"] |= {"applicant_id_no": "12", "mobile_phone": "1"}
    answer = send(said, token)
    assert {w["path"] for w in answer.json()["errors"]} == {"form.applicant_id_no", "form.mobile_phone"}
    assert not submitted().exists()


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"\xff\xfe", b'"text"'])
def test_what_is_no_application_at_all_is_refused(cast, token, sent):
    assert send(sent, token).status_code == 422


def test_a_material_off_the_list_undoes_everything(cast, token):
    answer = send(body(cast, materials=[{"material_id": "m99"}]), token)
    assert (answer.status_code, "清单" in answer.json()["error"]) == (409, True)
    assert not submitted().exists()


def test_a_case_outside_the_territory_is_not_found(cast, token):
    other = exchange.register_client(
        name="演示外地系统", org=cast.orgs["township"], role="township_clerk", region_code=standing.SUMU,
        scopes=["applications"], by=SYSTEM, at=standing.MONDAY,
    )[1]  # fmt: skip
    number = send(body(cast), token).json()["number"]
    answer = Client().get(f"{ADDRESS}/{number}", HTTP_AUTHORIZATION=f"Bearer {other}")
    assert answer.status_code == 404


def test_the_token_is_kept_nowhere(cast, token):
    from siban.exchange.models import ApiClient

    assert token not in json.dumps(list(ApiClient.objects.values()), default=str)


def upload(token, sent):
    return Client().post("/api/v1/files", sent, HTTP_AUTHORIZATION=f"Bearer {token}")


def test_a_file_is_stored_first_and_handed_in_once_by_its_own_client(cast, token):
    stored = upload(token, {"file": standing.pdf()})
    assert stored.status_code == 201, stored.json()
    file_id = stored.json()["file_id"]
    handed = [{"material_id": "m02", "file_id": file_id}, *({"material_id": m} for m in ("m03", "m04", "m06", "m07"))]
    _, other = exchange.register_client(
        name="另一个系统", org=cast.orgs["hall"], role="window_clerk", region_code=standing.BANNER,
        scopes=["applications"], by=SYSTEM, at=standing.MONDAY,
    )  # fmt: skip
    assert send(body(cast, materials=handed), other, key="k-2").status_code == 409, "not the other client's file"
    assert send(body(cast, materials=handed), token, key="k-3").status_code == 201
    assert str(submitted().get().materials.get(material_id="m02").file_id) == file_id
    again = send(body(cast, materials=handed), token, key="k-4")
    assert again.status_code == 409
    assert "没有找到" in again.json()["error"]


def test_a_file_that_is_no_file_is_refused_with_a_sentence(cast, token):
    from io import BytesIO

    fake = BytesIO(b"<svg onload=alert(1)>")
    fake.name = "a.pdf"
    for sent in ({}, {"file": "text"}, {"file": fake}):
        answer = upload(token, sent)
        assert answer.status_code == 422
        assert answer.json()["error"].endswith("。")
    assert upload("forged", {"file": standing.pdf()}).status_code == 401
