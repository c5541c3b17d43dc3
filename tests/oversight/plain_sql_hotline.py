"""The figures of the hotline once more, in plain SQL written from their words."""

ONCE = "FROM hotline_order o WHERE o.merged_into_id IS NULL"
SENT = "o.lead_id IS NOT NULL AND o.dispatched_at IS NOT NULL"
RUNS = "o.state NOT IN ('suspended', 'withdrawn')"
KEPT = "o.handled_at <= o.due_at AND NOT o.was_late"
ASKED = "o.contact_by IS NOT NULL AND (o.contact_by <= now() OR o.contacted_at IS NOT NULL)"


def share(counts: str, of: str) -> str:
    return f"SELECT o.lead_id, count(*) FILTER (WHERE {counts}), count(*) {ONCE} AND {of} GROUP BY 1"


def number(of: str) -> str:
    return f"SELECT o.lead_id, count(*), NULL {ONCE} AND {of} GROUP BY 1"


QUERIES: dict[str, str] = {
    "hotline_on_time_close_rate": share(KEPT, f"{SENT} AND {RUNS} AND o.due_at <= now()"),
    "hotline_on_time_close_rate_closed_only": share(KEPT, f"{SENT} AND {RUNS} AND o.due_at IS NOT NULL AND o.handled_at IS NOT NULL"),
    "hotline_satisfaction_rate": share("o.is_satisfied", f"{SENT} AND o.is_satisfied IS NOT NULL"),
    "hotline_resolution_rate": share("o.is_solved", f"{SENT} AND o.is_solved IS NOT NULL AND o.nature <> 'consult' AND o.nature <> ''"),
    "hotline_response_rate": share("o.contacted_at <= o.contact_by", f"{SENT} AND {ASKED}"),
    "overdue_open_orders": number(f"o.lead_id IS NOT NULL AND {RUNS} AND o.closed_at IS NULL AND o.handled_at IS NULL AND o.due_at < now()"),
    "daily_complaint_instant_rate": share(
        "o.contacted_at <= o.contact_by", f"{SENT} AND {ASKED} AND o.nature = 'complaint' AND NOT o.is_long_term AND NOT o.is_unreasonable"
    ),
    "long_term_suspend_rate": share(
        "EXISTS (SELECT FROM hotline_suspension s WHERE s.order_id = o.id AND s.is_granted)", f"{SENT} AND o.is_long_term"
    ),
    "unreasonable_terminate_rate": share(
        "EXISTS (SELECT FROM hotline_termination t WHERE t.order_id = o.id)", f"{SENT} AND o.is_unreasonable"
    ),
    "knowledge_base_timeliness": (
        "SELECT a.owner_id, count(*) FILTER (WHERE EXISTS (SELECT FROM hotline_articleversion v WHERE v.article_id = a.id AND v.state = 'published'"
        " AND COALESCE(v.valid_to, 'infinity') >= (now() AT TIME ZONE 'Asia/Shanghai')::date)), count(*) FROM hotline_article a"
        " WHERE a.id IN (SELECT article_id FROM hotline_articleversion WHERE state IN ('published', 'expired'))"
        " OR a.id IN (SELECT draft_id FROM hotline_question) GROUP BY 1"
    ),
    "hotline_volume_003": number("o.state <> 'received'"),
}  # fmt: skip
