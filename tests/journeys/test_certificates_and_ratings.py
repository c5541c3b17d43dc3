"""Every page of certificates and ratings at desk and phone width: no axe violation, nothing runs over the edge."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.urls import reverse

from siban.cases.actions import close
from siban.certificates import api as certificates
from siban.kernel import journal
from siban.ratings import api as ratings
from tests import browser
from tests.certificates.conftest import AT, SUBJECT, Cast, issued, make_cast
from tests.certificates.desks import as_citizen, as_staff
from tests.ratings.conftest import Scene, make_scene

pytestmark = pytest.mark.journey
WIDTHS = (1280, 360)
LATER = AT + timedelta(days=1)


@pytest.fixture
def scene(transactional_db: None, settings: Any, tmp_path: Path) -> Scene:
    settings.HOME = settings.STATIC_ROOT = tmp_path
    return make_scene(make_cast())


def people(cast: Cast) -> dict[str, Any]:
    """Session cookies of the cast."""
    clients = {
        "citizen": as_citizen(cast.citizen_person),
        "reviewer": as_staff(cast.office, "approver", cast.region),
        "clerk": as_staff(cast.office, "window_clerk", cast.region),
        "bureau": as_staff(cast.neighbour, "service_admin", cast.region),
    }
    return {name: client.cookies[site.SESSION_COOKIE_NAME].value for name, client in clients.items()}


def filled(scene: Scene) -> dict[str, tuple[str, str]]:
    """Certificates and ratings in their states; returns page name: (who, address)."""
    cast = scene.cast
    cert = issued(cast)
    certificates.use(
        certificate_id=cert.pk, type_id=cert.type_id, holder_person_id=cert.person_id, holder_enterprise_id=None,
        purpose="办理“演示事项”，替代材料“食品经营许可证”", subject=SUBJECT, by=cast.clerk, at=LATER,
    )  # fmt: skip
    revoked, disputed = (
        issued(cast),
        issued(cast, type_id="ec_public_place_hygiene", person=None, enterprise=cast.enterprise),
    )
    certificates.revoke(certificate_id=revoked.pk, reason="以欺骗手段取得，依法撤销", by=cast.reviewer, at=LATER)
    certificates.dispute(certificate_id=disputed.pk, reason="地址写错了一个字", by=cast.citizen, at=LATER)
    reviews = []
    for level, comment in ((2, "很快就办好了"), (5, "跑了三次，材料要求前后说得不一样"), (None, "")):
        case = scene.another()
        close(case_id=case.pk, at=AT)
        journal.deliver(at=LATER)
        reviews.append(ratings.of_case(case.pk))
        if level:
            ratings.rate(review_id=reviews[-1].pk, level=level, comment=comment, by=cast.citizen, at=LATER)
    return {
        "verify": ("", reverse("verify")),
        "verify-missing": ("", reverse("verify") + "?q=NOSUCHCODE12"),
        "verify-valid": ("", reverse("verify-result", args=[cert.verify_code])),
        "verify-revoked": ("", reverse("verify-result", args=[revoked.verify_code])),
        "my-certificates": ("citizen", reverse("my-certificates")),
        "my-certificate": ("citizen", reverse("my-certificate", args=[cert.pk])),
        "register": ("reviewer", reverse("certificate-register")),
        "register-bureau": ("bureau", reverse("certificate-register")),
        "detail": ("reviewer", reverse("certificate-detail", args=[cert.pk])),
        "detail-disputed": ("reviewer", reverse("certificate-detail", args=[disputed.pk])),
        "rate": ("citizen", reverse("rate", args=[reviews[2].token])),
        "rated": ("citizen", reverse("rate", args=[reviews[1].token])),
        "ratings": ("reviewer", reverse("rating-register")),
        "ratings-code": ("clerk", reverse("rating-code", args=[reviews[2].subject_id])),
    }  # fmt: skip


def test_the_pages_are_accessible_and_fit_at_every_width(scene: Scene, live_server: Any) -> None:
    pages, cookies = filled(scene), people(scene.cast)
    faults: list[str] = []
    with browser.launch() as chromium:
        for width in WIDTHS:
            for name, (who, address) in pages.items():
                context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
                if who:
                    context.add_cookies(
                        [{"name": site.SESSION_COOKIE_NAME, "value": cookies[who], "url": live_server.url}]
                    )
                page = context.new_page()
                said: list[str] = []
                page.on("pageerror", lambda error, said=said: said.append(str(error)))
                page.goto(live_server.url + address)
                browser.shot(page, f"certificates-{name}-{width}")
                said += browser.axe(page)
                if over := browser.overflow(page):
                    said.append(f"{over} pixels too wide")
                if left := re.findall(r"[A-Za-z]{4,}", page.inner_text("main")):
                    said += [
                        f"English on screen: {word}"
                        for word in left
                        if not re.fullmatch(r"[0-9A-Z]+|NOSUCHCODE", word)
                    ]
                faults += [f"{name} at {width}: {fault}" for fault in said]
                context.close()
    assert not faults, "\n".join(faults)
