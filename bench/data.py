"""The banner for measuring: the demonstration, a client of the interface, and cases by the hundred thousand."""

import json
from datetime import date
from typing import Any

from django.core.management import call_command
from django.db import connection

ITEM = "market_regulation.individual_establish"  # accepted on receipt: 17 fields, 5 materials, two terms
INBOX_ORG = "civil_affairs"
INBOX_LOGIN = "minzheng"


def build() -> None:
    """Schema and demonstration banner."""
    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0, stdout=open("/dev/null", "w"))  # noqa: SIM115


def client_token() -> str:
    """A client of the interface that may hand in applications at the banner's counter."""
    from siban.exchange import api as exchange
    from siban.identity.api import Org
    from siban.kernel import clock
    from siban.kernel.actor import SYSTEM

    org = Org.objects.get(code="gov_service")
    _, token = exchange.register_client(
        name="演示·综窗系统", org=org, role="window_clerk", region_code=org.region_id, scopes=["applications"], by=SYSTEM,
        at=clock.now(),
    )  # fmt: skip
    return token


def application(today: date) -> dict[str, Any]:
    """One complete application: every field filled, five materials handed in on paper."""
    from siban.catalog.api import ImplementationItem, filled_form, form_fields
    from siban.identity.seeds import person_of

    item = ImplementationItem.objects.select_related("version").get(slug=ITEM)
    content, person = item.version.elements, person_of("citizen")
    answers = {q.id: q.options[0].id for q in content.situations.questions} if content.situations else {}
    wanted = content.materials_for(answers)
    specs = form_fields(content, [m.id for m in wanted if m.is_form and m.form_fields])
    known = {"applicant_name": person.name, "applicant_id_no": person.id_number, "applicant_id_type": "111",
             "application_date": today.isoformat(), "applicant_signature": person.name}  # fmt: skip
    values = filled_form(
        specs, today=today, known={k: v for k, v in known.items() if any(s.element == k for s in specs)}
    )
    materials = [{"material_id": m.id} for m in wanted]
    return {
        "item": item.impl_code,
        "person": {"name": person.name, "id_number": person.id_number},
        "answers": answers, "form": values, "materials": materials,
    }  # fmt: skip


def many_cases(count: int) -> None:
    """So many cases over all departments, four in ten still with an office; written by one statement."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_case WHERE title LIKE '量测%%'")
        cursor.execute(
            """
            WITH items AS (
              SELECT i.id, i.org_id, i.region_id, i.version_id, i.name, row_number() OVER (ORDER BY i.slug) - 1 AS n,
                     count(*) OVER () AS all_items
              FROM catalog_implementationitem i WHERE i.level = 4),
            person AS (SELECT id FROM identity_person ORDER BY created_at LIMIT 1)
            INSERT INTO cases_case (id, number, item_id, version_id, org_id, region_id, state, title, case_type, person_id,
              applicant_name, applicant_id_number, mobile, channel, used_comprehensive_window, window_id, answers,
              scenario_id, form, delivery, mail_address, correction, decision_note, token, created_at, submitted_at,
              accepted_at, due_on, due_provisional)
            SELECT gen_random_uuid(), 'B' || lpad(g::text, 12, '0'), i.id, i.version_id, i.org_id, i.region_id,
              (ARRAY['closed','closed','closed','in_review','closed','accepted','closed','submitted','closed','in_review'])
                [1 + g %% 10],
              '量测' || i.name, 'promised', (SELECT id FROM person), '演示甲', '999999199001010104', '', 'web', false, '',
              '{}', '', '{"a": "b"}', 'electronic', '', '[]', '', gen_random_uuid(), now(), now() - (g %% 400) * interval '1 day',
              now(), current_date + (g::bigint * 7919 %% 60)::int - 20, false
            FROM generate_series(1, %s) g JOIN items i ON i.n = g %% i.all_items
            """,
            [count],
        )
        cursor.execute("ANALYZE cases_case")


def body(application: dict[str, Any]) -> bytes:
    return json.dumps(application, ensure_ascii=False).encode()
