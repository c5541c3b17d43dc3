"""Who reaches which page and act of the staff side: one table, every post against every address."""

import pytest
from django.test import Client

from siban.cases.models import Case

from . import cast as standing

# ok = the page, 302 = to the log-in, 403 = not your post, 404 = not a case of yours, 409 = seen but not yours to do
WHO = ("anonymous", "stranger", "reviewer", "other_reviewer", "clerk", "township_clerk", "inspector", "administrator")
PAGES = {
    "/desk/cases/":              (302, 403, 200, 200, 200, 200, 200, 200),
    "/desk/cases.json":          (302, 403, 200, 200, 200, 200, 200, 200),
    "/desk/cases/export.xlsx":   (302, 403, 200, 200, 200, 200, 200, 200),
    "/desk/cases/{n}/":          (302, 403, 200, 404, 200, 404, 200, 200),
    "/desk/cases/{n}/approve/":  (302, 403, 200, 404, 200, 404, 200, 200),
    "/desk/cases/{n}/files/{f}/": (302, 403, 200, 404, 200, 404, 200, 200),
    "/desk/counter/":            (302, 403, 403, 403, 200, 200, 403, 403),
    "/desk/counter/items/?q=x":  (302, 403, 403, 403, 200, 200, 403, 403),
    "/desk/counter/{id}/":       (302, 403, 403, 403, 200, 404, 403, 403),  # outside a visit: a page that says nothing of anybody
    "/desk/counter/{id}/done/":  (302, 403, 403, 403, 200, 404, 403, 403),
    "/desk/":                    (302, 403, 200, 200, 200, 200, 200, 200),
    "/desk/search/?q=150724":    (302, 403, 200, 200, 200, 200, 200, 200),
}  # fmt: skip
ACTS = {
    # move: (state before, who may)
    "accept": ("submitted", {"reviewer", "clerk"}),
    "request_correction": ("submitted", {"reviewer", "clerk"}),
    "refuse_acceptance": ("submitted", {"reviewer", "clerk"}),
    "start_review": ("accepted", {"reviewer"}),
    "propose": ("in_review", {"reviewer"}),
    "return_proposal": ("proposed", {"head"}),
    "approve": ("proposed", {"head"}),  # the reviewer wrote the opinion: somebody else decides
    "reject": ("proposed", {"head"}),
    "issue": ("approved", {"reviewer"}),
    "deliver": ("issued", {"reviewer", "clerk"}),
    "withdraw": ("submitted", {"clerk"}),
    "terminate": ("correcting", {"reviewer", "clerk"}),  # its limit has passed by now
    "conclude": ("submitted", set()),
}
GIVEN = {
    "what-m03": "第二页看不清",
    "days": "5",
    "reason": "不属于本机关职权范围",
    "basis": "办法第七条",
    "outcome": "approve",
    "opinion": "材料齐全",
}


def browser(cast, who: str) -> Client:
    return Client() if who == "anonymous" else standing.client_of(cast, who)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_exactly_these_posts(cast, page):
    case = standing.in_state(cast, "submitted")
    handed = case.materials.filter(file__isnull=False).first()
    address = page.format(n=case.number, id=case.pk, f=handed.pk)
    answers = [browser(cast, who).get(address) for who in WHO]
    for answer in answers:
        b"".join(answer)
    assert tuple(answer.status_code for answer in answers) == PAGES[page]


@pytest.mark.parametrize("move", ACTS)
def test_each_act_is_done_by_exactly_these_posts(cast, move):
    state, may = ACTS[move]
    for who in (*WHO, "head"):
        case = standing.in_state(cast, state)
        browser(cast, who).post(f"/desk/cases/{case.number}/{move}/", {**GIVEN, "seen": state})
        moved = Case.objects.get(pk=case.pk).state != state
        assert moved is (who in may), f"{who} {move}"


@pytest.mark.parametrize("who", ["anonymous", "stranger", "other_reviewer", "township_clerk"])
def test_who_sees_nothing_reveals_nothing(cast, who):
    case = standing.in_state(cast, "submitted")
    answer = browser(cast, who).post(f"/desk/cases/{case.number}/reveal/applicant_id_number/", {"purpose": "想看看"})
    assert answer.status_code in (302, 403, 404)
    assert case.applicant_id_number not in answer.content.decode()


@pytest.mark.parametrize("who", WHO)
def test_an_unknown_act_is_not_found_by_anyone(cast, who):
    case = standing.in_state(cast, "submitted")
    answer = browser(cast, who).post(f"/desk/cases/{case.number}/close/", {"seen": "submitted"})
    assert answer.status_code in (302, 403, 404)
    assert Case.objects.get(pk=case.pk).state == "submitted"


@pytest.mark.parametrize("who", ["clerk", "reviewer"])
def test_home_counts_what_its_lists_hold(cast, who):
    standing.in_state(cast, "submitted")
    standing.in_state(cast, "issued", who="stranger")
    client = standing.client_of(cast, who)
    page = client.get("/desk/").content.decode()
    for query in ("?state=submitted", "?state=issued"):
        assert f'href="/desk/cases/{query}">1<' in page
        assert len(client.get(f"/desk/cases.json{query}").json()["rows"]) == 1


def test_search_finds_by_number_name_and_item_within_one_s_rights(cast):
    case = standing.in_state(cast, "submitted")
    for wanted in (case.number[:12], "演示甲", "公租房"):
        assert case.number in standing.client_of(cast, "reviewer").get("/desk/search/", {"q": wanted}).content.decode()
        assert (
            case.number
            not in standing.client_of(cast, "other_reviewer").get("/desk/search/", {"q": wanted}).content.decode()
        )
