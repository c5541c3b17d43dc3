"""The figures of supervision, reform and the hall once more, in plain SQL written from their words."""

TODAY = "(now() AT TIME ZONE 'Asia/Shanghai')::date"
LOCAL = "({} AT TIME ZONE 'Asia/Shanghai')::date"
PUBLISHED = "i.state NOT IN ('suspended', 'cancelled') AND NOT i.is_suspended AND i.version_id IS NOT NULL"
APPLIED = (
    "(v.content ->> 'item_type' IN ('01', '05', '07', '08', '09', '10')"
    " OR v.content ->> 'item_type' = '20' AND v.content ->> 'public_service_mode' IS DISTINCT FROM 'proactive')"
)
ITEMS = f"FROM catalog_implementationitem i JOIN catalog_itemversion v ON v.id = i.version_id WHERE {PUBLISHED} AND {APPLIED}"
LISTED = "EXISTS (SELECT FROM halls_delayedclaim c WHERE c.item_id = i.id AND c.state = 'listed')"
EXEMPT = "EXISTS (SELECT FROM halls_delayedexemption e WHERE e.item_id = i.id AND e.state = 'granted')"
NEGATIVE = "EXISTS (SELECT FROM catalog_negativeentry n WHERE n.item_id = i.id AND n.removed_at IS NULL)"
ENTERED = "(v.content ->> 'is_in_hall')::bool"
OPEN = "state IN ('issued', 'acknowledged', 'in_progress', 'evidence_submitted', 'verified', 'returned', 'overdue')"
STANDING = "FROM oversight_task WHERE state <> 'withdrawn'"
CLOSED = "state = 'closed'"


def owed(kind: str) -> str:
    """Documents owed until yesterday, or there already; those that came by their day."""
    return (
        "SELECT org_id, count(*) FILTER (WHERE done_on <= due_on), count(*) FROM oversight_duedocument"
        f" WHERE kind = '{kind}' AND (due_on < {TODAY} OR done_on IS NOT NULL) GROUP BY 1"
    )


def records(which: str) -> str:
    return (
        "SELECT r.org_id, count(*) FILTER (WHERE r.cut_material OR r.cut_step OR r.cut_time), count(*)"
        " FROM oversight_optimisationrecord r JOIN oversight_liangyouround o ON o.id = r.round_id"
        f" WHERE o.is_current AND r.standing <> 'gone' AND {which} GROUP BY 1"
    )


def reports(scope: str) -> str:
    return (
        "SELECT r.org_id, count(*) FILTER (WHERE r.reported_on <= r.due_on), count(*) FROM oversight_liangyoureport r"
        f" JOIN oversight_liangyouround o ON o.id = r.round_id WHERE o.is_current AND r.scope = '{scope}' GROUP BY 1"
    )


def items(counts: str, of: str) -> str:
    return f"SELECT i.org_id, count(*) FILTER (WHERE {counts}), count(*) {ITEMS} AND {of} GROUP BY 1"


def disclosed(which: str) -> str:
    return (
        "SELECT u.org_id, count(*), NULL FROM oversight_disclosureupdate u JOIN oversight_disclosurecolumn c ON c.id = u.column_id"
        f" WHERE {which} GROUP BY 1"
    )


QUERIES: dict[str, str] = {
    "bulletin_cadence_days": owed("daily"), "bulletin_cadence_weeks": owed("weekly"), "monthly_bulletin_ratio": owed("monthly"),
    "liangyou_external_optimised_ratio": records("r.scope = 'external' AND r.is_power"),
    "liangyou_external_optimised_ratio_services": records("r.scope = 'external'"),
    "liangyou_internal_optimised_ratio": records("r.scope = 'internal'"),
    "liangyou_report_rate": reports("external"), "liangyou_report_rate_internal": reports("internal"),
    "delayed_service_claim_count": "SELECT org_id, count(*), NULL FROM halls_delayedclaim WHERE state = 'listed' GROUP BY 1",
    "delayed_service_scope_coverage": items(LISTED, f"NOT {EXEMPT}"), "delayed_service_hall_share": items(LISTED, ENTERED),
    "hall_entry_rate": items(ENTERED, f"NOT {NEGATIVE}"), "hall_entry_rate_003": items(ENTERED, f"NOT {NEGATIVE}"),
    "hall_authorisation_rate_003": f"""
        SELECT e.org_id, count(*) FILTER (WHERE EXISTS (SELECT FROM cases_mandate m WHERE m.org_id = e.org_id AND m.withdrawn_at IS NULL
            AND m.valid_from <= {TODAY} AND m.valid_to > {TODAY})), count(*) FROM halls_departmententry e WHERE e.left_on IS NULL GROUP BY 1""",
    "info_disclosure_003": disclosed("true"), "info_disclosure_003_official": disclosed("c.kind = 'official'"),
    "info_disclosure_003_statutory": disclosed("c.kind = 'statutory'"),
    "disclosure_column_overdue_count": f"SELECT org_id, count(*), NULL FROM oversight_disclosurecolumn WHERE ended_on IS NULL AND due_on < {TODAY} GROUP BY 1",
    "supervision_tasks_open": f"SELECT org_id, count(*), NULL {STANDING} AND {OPEN} GROUP BY 1",
    "supervision_tasks_overdue": f"SELECT org_id, count(*), NULL {STANDING} AND {OPEN} AND due_on < {TODAY} GROUP BY 1",
    "supervision_rebound_count": f"SELECT org_id, count(*), NULL {STANDING} AND rebounds > 0 GROUP BY 1",
    "supervision_closed_on_time_ratio": (
        f"SELECT org_id, count(*) FILTER (WHERE {CLOSED} AND {LOCAL.format('closed_at')} <= due_on), count(*) {STANDING}"
        f" AND ({CLOSED} OR due_on < {TODAY}) GROUP BY 1"),
    "supervision_received_on_time_ratio": (
        f"SELECT org_id, count(*) FILTER (WHERE {LOCAL.format('acknowledged_at')} <= acknowledge_by), count(*) {STANDING}"
        f" AND (acknowledged_at IS NOT NULL OR acknowledge_by < {TODAY}) GROUP BY 1"),
    "monthly_progress_report": f"""
        SELECT s.org_id, count(*) FILTER (WHERE {LOCAL.format('s.first_submitted_at')} <= (date_trunc('month', s.due_on) + interval '19 days')::date), count(*)
        FROM oversight_submission s JOIN oversight_collection c ON c.id = s.collection_id WHERE c.purpose = 'monthly_progress' AND s.state <> 'cancelled'
        AND (s.due_on < {TODAY} OR s.first_submitted_at IS NOT NULL) GROUP BY 1""",
}  # fmt: skip
