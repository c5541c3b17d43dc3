"""Every counted measure once more, in plain SQL written from its words: contents of versions instead of columns, no Django.

`SHARES` are shares of the published items on application: what counts, and out of what; `QUERIES` are whole statements.
Each statement gives (organisation, numerator, denominator); a bare count has the denominator NULL.
"""

from tests.oversight import plain_sql_supervision

PUBLISHED = """
FROM catalog_implementationitem i JOIN catalog_itemversion v ON v.id = i.version_id
CROSS JOIN LATERAL (SELECT v.content AS c, v.content -> 'online' AS o) x
CROSS JOIN LATERAL (SELECT
  (c -> 'legal_limit' ->> 'value')::numeric * CASE c -> 'legal_limit' ->> 'unit' WHEN 'workday' THEN 7 ELSE 5 END AS legal,
  (c -> 'promised_limit' ->> 'value')::numeric * CASE c -> 'promised_limit' ->> 'unit' WHEN 'workday' THEN 7 ELSE 5 END AS promised,
  (o ->> 'online_depth')::int AS depth, (o ->> 'onsite_visits')::int AS visits,
  EXISTS (SELECT FROM jsonb_array_elements(c -> 'materials') m WHERE m ->> 'ecert_type_id' <> '') AS linked,
  EXISTS (SELECT FROM jsonb_array_elements(c -> 'materials') m JOIN certificates_ecerttype t ON t.id = m ->> 'ecert_type_id' WHERE t.callable) AS callable,
  greatest(jsonb_array_length(c -> 'handling_items'), 1) AS ways
) y
WHERE i.state NOT IN ('suspended', 'cancelled') AND NOT i.is_suspended"""
APPLIED = (
    PUBLISHED
    + " AND (c ->> 'item_type' IN ('01', '05', '07', '08', '09', '10') OR c ->> 'item_type' = '20' AND c ->> 'public_service_mode' IS DISTINCT FROM 'proactive')"
)
INSTANT = "c ->> 'case_type' = 'instant'"
ZERO = "visits = 0"
ONLINE = "(o ->> 'is_online')::bool AND depth >= 2"
FULL = "depth = 4 AND visits = 0"
MOBILE = "(o ->> 'is_mobile')::bool"
FREE = "(o ->> 'is_cert_free')::bool AND linked"
REASON = "coalesce(btrim(o ->> 'onsite_reason'), '') <> ''"
PLATFORM = (
    f"{ONLINE} AND btrim(o ->> 'portal_url') <> '' AND (NOT (o ->> 'via_dept_system')::bool OR (o ->> 'is_sso')::bool)"
)
SITUATIONS = "(c ->> 'has_situations')::bool AND c -> 'situations' <> 'null'"
GUIDE = "btrim(c ->> 'guide_published_at') <> ''"
NONE_WITH = "NOT EXISTS (SELECT FROM jsonb_array_elements(c -> '{}') m WHERE {})"
SOURCED = NONE_WITH.format("materials", "coalesce(btrim(m ->> 'source_type'), '') = '' OR m ->> 'source_type' = 'gov_issued' AND coalesce(btrim(m ->> 'issuing_body'), '') = ''")  # fmt: skip
COUNTED = NONE_WITH.format("materials", "coalesce((m ->> 'original_count')::int, 0) + coalesce((m ->> 'copy_count')::int, 0) = 0 AND m ->> 'medium' IS DISTINCT FROM 'electronic'")  # fmt: skip
KINDS = NONE_WITH.format("materials", "coalesce(m ->> 'kind', '?') NOT IN ('original', 'copy', 'both') OR coalesce(m ->> 'medium', '?') NOT IN ('paper', 'electronic', 'both')")  # fmt: skip
STEPS = "c -> 'process_steps' <> '[]' AND " + NONE_WITH.format("process_steps", "coalesce(btrim(m ->> 'name'), '') = '' OR m ->> 'time_limit_value' IS NULL OR coalesce(btrim(m ->> 'standard'), '') = '' OR coalesce(btrim(m ->> 'result'), '') = ''")  # fmt: skip
FORMS = NONE_WITH.format("materials", "(m ->> 'is_form')::bool AND (coalesce(btrim(m ->> 'blank_form_file'), '') = '' OR coalesce(btrim(m ->> 'sample_form_file'), '') = '')")  # fmt: skip
BUILT = "(NOT (o ->> 'via_dept_system')::bool OR o ->> 'build_mode' IN ('国垂', '省垂', '自建'))"
UNITS = "c -> '{0}' ->> 'value' IS NOT NULL AND c -> '{0}' ->> 'unit' IN ('workday', 'natural_day')"

SHARES: dict[str, tuple[str, str]] = {
    "instant_item_ratio": (INSTANT, "true"), "t002_02_instant_ratio": (INSTANT, "true"),
    "onsite_visits_zero_ratio": (ZERO, "true"),
    "onsite_visits_zero_or_excepted": (ZERO, f"coalesce({ZERO}, false) OR NOT {REASON}"),
    "online_available_ratio": (ONLINE, "true"), "dongsheng_online_ratio": (ONLINE, "true"),
    "full_online_ratio": (FULL, "true"),
    "full_online_not_exempt": (FULL, f"coalesce({FULL}, false) OR NOT {REASON}"),
    "mobile_coverage": (MOBILE, "true"), "mobile_rate_001": (MOBILE, "true"),
    "cert_free_coverage": (FREE, "callable"), "cert_free_of_all": (FREE, "true"),
    "item_checklist_selfcheck": (
        (f"{FORMS} AND {SOURCED} AND {COUNTED} AND {KINDS} AND {STEPS} AND {BUILT} AND (NOT (o ->> 'is_online')::bool OR btrim(o ->> 'portal_url') <> '')"
        " AND (NOT (o ->> 'is_cert_free')::bool OR linked) AND (NOT callable OR (o ->> 'is_cert_free')::bool)"), "true"),
    "one_net_rate_001": (PLATFORM, "true"), "one_net_90_002": (PLATFORM, "true"),
    "channel_consistency": ("(SELECT count(DISTINCT value) = 1 FROM jsonb_each(c -> 'guide_versions'))", "true"),
    "offline_parallel_service": ("c -> 'windows' <> '[]'", ONLINE), "at_most_once_ratio": ("visits <= 1", "true"),
    "scenario_item_ratio_002": (SITUATIONS, "true"), "t002_11_refined_scenario_ratio": (SITUATIONS, "true"),
    "guide_published_ratio_002": (GUIDE, "true"), "t002_03_info_published": (GUIDE, "true"),
    "t002_04_prereview_ratio": ("depth >= 2", "true"), "t002_05_verification_ratio": ("depth >= 3", "true"), "t002_06_full_online_ratio": ("depth = 4", "true"),
    "t002_12_legal_limit_labelled": (UNITS.format("legal_limit"), "true"), "t002_13_promised_limit_labelled": (UNITS.format("promised_limit"), "true"),
    "t002_14_address_complete": ("c -> 'windows' <> '[]' AND " + NONE_WITH.format("windows", "coalesce(btrim(m ->> 'street'), '') = '' OR coalesce(btrim(m ->> 'house_no'), '') = '' OR coalesce(btrim(m ->> 'room_no'), '') = '' OR coalesce(btrim(m ->> 'window_no'), '') = ''"), "true"),
    "t002_15_office_hours": (r"c ->> 'office_hours' ~ '^星期[一二三四五六日]至星期[一二三四五六日]：(上午)?[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}'", "true"),
    "t002_16_consult_phone": ("c -> 'consult_phones' <> '[]' AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(c -> 'consult_phones') n WHERE n !~ '^(0[0-9]{2,3}-[0-9]{7,8}|400[0-9]{7}(转[0-9]+)?)$')", "true"),
    "t002_17_intermediary_basis": ("c ->> 'has_intermediary' IS NOT NULL AND (NOT (c ->> 'has_intermediary')::bool OR " + NONE_WITH.format("intermediaries", "coalesce(btrim(m ->> 'legal_basis'), '') = ''") + ")", "true"),
    "t002_18_material_source": (SOURCED, "true"), "t002_19_material_count": (COUNTED, "true"), "t002_20_material_kind_medium": (KINDS, "true"),
    "t002_21_process": (STEPS, "true"), "t002_22_onsite_visits": ("visits >= 0", "true"),
}  # fmt: skip

TIME = f"SELECT org_id, coalesce(sum(legal - promised) FILTER (WHERE legal IS NOT NULL AND promised IS NOT NULL), 0), coalesce(sum(legal) FILTER (WHERE promised IS NOT NULL), 0) {APPLIED} GROUP BY 1"  # fmt: skip
CLAIMED = "FROM catalog_implementationitem i LEFT JOIN catalog_itemversion v ON v.id = i.version_id WHERE i.state <> 'cancelled'"
IN_FORCE = "i.version_id IS NOT NULL AND NOT i.is_suspended AND i.state <> 'suspended'"
ON_APPLICATION = "i.is_applied_service"
MATERIALS = APPLIED.replace("FROM catalog_implementationitem i", "FROM catalog_implementationitem i CROSS JOIN LATERAL (SELECT 1) z").replace(
    "\nWHERE", "\nCROSS JOIN LATERAL jsonb_array_elements(c -> 'materials') m LEFT JOIN catalog_materialgrain g ON g.id = m ->> 'grain_id'\nWHERE"
)  # fmt: skip
BASES = """
FROM (SELECT catalog_item_id, (array_agg(org_id ORDER BY level, slug))[1] AS org_id, count(DISTINCT level) AS levels,
  count(DISTINCT jsonb_build_array(c -> 'name', c -> 'basic_code', c -> 'item_type', c -> 'sub_type', c -> 'legal_basis', c -> 'accept_conditions',
    c -> 'materials', c -> 'process_steps', c -> 'legal_limit', c -> 'result', c -> 'has_situations', c -> 'situations')) AS ways,
  count(DISTINCT jsonb_build_array(c -> 'name', c -> 'basic_code', c -> 'item_type', c -> 'legal_basis')) AS basics
  FROM (SELECT i.*, c {published}) i GROUP BY 1) b""".replace("{published}", PUBLISHED)
POWERS = """
FROM (SELECT p.org_id, EXISTS (SELECT FROM catalog_powerlistitem_items l WHERE l.powerlistitem_id = p.id) AS linked,
  EXISTS (SELECT FROM catalog_powerlistitem_items l JOIN catalog_implementationitem i ON i.id = l.implementationitem_id
    WHERE l.powerlistitem_id = p.id AND i.version_id IS NOT NULL AND NOT i.is_suspended AND i.state NOT IN ('suspended', 'cancelled')) AS shown
  FROM catalog_powerlistitem p WHERE p.status = 'active' AND p.item_type IN ('01', '05', '07', '08', '09', '10')) p"""
CASES = "FROM cases_case k WHERE k.submitted_at IS NOT NULL"
ENDED = "FROM cases_case k WHERE k.closed_at IS NOT NULL AND k.delivered_at IS NOT NULL"
ASKED = "EXISTS (SELECT FROM ratings_review r WHERE r.subject_type = 'cases.Case' AND r.subject_id = k.id::text{})"
RATED = "FROM ratings_review r WHERE r.rated_at IS NOT NULL"


def count(condition: str, rows: str) -> str:
    return f"SELECT org_id, count(*) FILTER (WHERE {condition}), NULL {rows} GROUP BY 1"


def ratio(condition: str, out: str, rows: str) -> str:
    return f"SELECT org_id, count(*) FILTER (WHERE ({condition}) AND ({out})), count(*) FILTER (WHERE {out}) {rows} GROUP BY 1"


def ways(condition: str, out: str = "true") -> str:
    return f"SELECT org_id, coalesce(sum(ways) FILTER (WHERE ({condition}) AND ({out})), 0), coalesce(sum(ways) FILTER (WHERE {out}), 0) {APPLIED} GROUP BY 1"


QUERIES: dict[str, str] = {
    **{slug: ratio(counts, out, APPLIED) for slug, (counts, out) in SHARES.items()},
    "item_total": count("true", APPLIED),
    "promised_time_reduction_ratio": TIME, "t002_01_time_reduction": TIME, "dongsheng_time_reduction": TIME,
    "promised_time_reduction_mean": f"SELECT org_id, coalesce(sum(round((1 - promised / legal) * 1000000)) FILTER (WHERE legal > 0 AND promised IS NOT NULL), 0), count(*) FILTER (WHERE legal > 0 AND promised IS NOT NULL) * 1000000 {APPLIED.replace('/ legal', '/ legal')} GROUP BY 1".replace("promised / legal", "promised / nullif(legal, 0)"),
    "onsite_visits_mean": f"SELECT org_id, coalesce(sum(visits), 0), count(visits) {APPLIED} GROUP BY 1",
    "instant_item_ratio_by_handling": ways(INSTANT), "onsite_visits_zero_ratio_by_handling": ways(ZERO), "online_available_ratio_by_handling": ways(ONLINE),
    "full_online_ratio_by_handling": ways(FULL), "mobile_coverage_by_handling": ways(MOBILE), "cert_free_coverage_by_handling": ways(FREE, "callable"),
    "t002_08_public_service_guides": count("c ->> 'item_type' = '20'", PUBLISHED),
    "item_claim_publish_rate": ratio(IN_FORCE, "true", CLAIMED),
    "guide_published_ratio_002_of_claimed": ratio(f"{IN_FORCE} AND btrim(v.content ->> 'guide_published_at') <> ''", ON_APPLICATION, CLAIMED),
    "t002_03_info_published_of_claimed": ratio(f"{IN_FORCE} AND btrim(v.content ->> 'guide_published_at') <> ''", ON_APPLICATION, CLAIMED),
    "overdue_base_change_count": count("b.outcome = 'open' AND b.due_on < (now() AT TIME ZONE 'Asia/Shanghai')::date", "FROM catalog_basechange b JOIN catalog_implementationitem i ON i.id = b.item_id"),
    "unequal_item_ratio": ratio("i.is_unequal", "i.base_id IS NOT NULL", PUBLISHED), "sound_item_ratio": ratio("i.is_sound", "true", PUBLISHED),
    "three_level_n_same": ratio("ways = 1", "true", BASES), "three_level_n_same_of_several": ratio("ways = 1", "levels > 1", BASES),
    "t002_10_element_uniform": ratio("basics = 1", "true", BASES),
    "grassroots_extension_items": ratio("c ->> 'grassroots_mode' <> ''", "true", PUBLISHED + " AND (c ->> 'exercise_level')::int <= 4 AND EXISTS (SELECT FROM catalog_catalogitem b WHERE b.basic_code = i.catalog_item_id AND (b.exercise_levels @> '5' OR b.exercise_levels @> '6'))"),
    "negative_entry_count": count("n.removed_at IS NULL", "FROM catalog_negativeentry n JOIN catalog_implementationitem i ON i.id = n.item_id"),
    "t002_07_applied_power_guide_published": ratio("shown", "true", POWERS), "t002_09_power_list_link_rate": ratio("linked", "true", POWERS),
    "t002_23_blank_form": ratio("btrim(m ->> 'blank_form_file') <> ''", "(m ->> 'is_form')::bool", MATERIALS),
    "t002_24_sample_form": ratio("btrim(m ->> 'sample_form_file') <> ''", "(m ->> 'is_form')::bool", MATERIALS),
    "material_ecert_link_ratio": ratio("btrim(m ->> 'ecert_type_id') <> ''", "EXISTS (SELECT FROM certificates_ecerttype t WHERE t.callable AND (t.id IN (m ->> 'ecert_type_id', g.ecert_type_id) OR t.name = replace(replace(m ->> 'name', '原件', ''), '复印件', '')))", MATERIALS),
    "case_received_count": count("true", CASES), "case_closed_count": count("k.state IN ('closed', 'archived')", CASES),
    "case_in_time_ratio": ratio("(k.decided_at AT TIME ZONE 'Asia/Shanghai')::date <= k.promised_due_on", "k.decided_at IS NOT NULL AND k.promised_due_on IS NOT NULL", CASES),
    "case_window_count": count("k.used_comprehensive_window", CASES),
    "comprehensive_window_township_nonzero": "SELECT k.received_org_id, count(*) FILTER (WHERE used_comprehensive_window), NULL FROM cases_case k JOIN identity_org g ON g.id = k.received_org_id JOIN identity_region r ON r.code = g.region_id WHERE r.level = 5 AND k.submitted_at IS NOT NULL GROUP BY 1",
    "off_list_approval_count": count(
        "EXISTS (SELECT FROM (SELECT material_id AS id FROM cases_casematerial m WHERE m.case_id = k.id UNION ALL SELECT a ->> 'material_id' FROM jsonb_array_elements(k.correction) a) asked"
        " WHERE asked.id <> '' AND NOT EXISTS (SELECT FROM catalog_itemversion v, jsonb_array_elements(v.content -> 'materials') l WHERE v.id = k.version_id AND l ->> 'id' = asked.id))", CASES),
    "duplicate_paper_request_count": """
        SELECT k.org_id, count(*), NULL FROM cases_casematerial p JOIN cases_case k ON k.id = p.case_id WHERE p.source = 'paper' AND k.submitted_at IS NOT NULL AND (
          EXISTS (SELECT FROM cases_casematerial u WHERE u.case_id = p.case_id AND u.material_id = p.material_id AND u.source <> 'paper' AND NOT u.is_rejected)
          OR EXISTS (SELECT FROM catalog_itemversion v, jsonb_array_elements(v.content -> 'materials') l, certificates_ecert e JOIN certificates_ecerttype t ON t.id = e.type_id
            WHERE v.id = k.version_id AND l ->> 'id' = p.material_id AND l ->> 'ecert_type_id' = e.type_id AND t.callable AND e.state = 'valid' AND e.person_id = k.person_id
            AND e.valid_from <= (p.added_at AT TIME ZONE 'Asia/Shanghai')::date AND (e.valid_to IS NULL OR e.valid_to > (p.added_at AT TIME ZONE 'Asia/Shanghai')::date))) GROUP BY 1""",
    "paper_ecert_sync": """
        SELECT k.org_id, count(*) FILTER (WHERE e.issued_at <= p.made_at AND (e.issued_at AT TIME ZONE 'Asia/Shanghai')::date = (p.made_at AT TIME ZONE 'Asia/Shanghai')::date), count(*)
        FROM cases_custodypiece p JOIN cases_case k ON k.id = p.case_id LEFT JOIN certificates_ecert e ON e.id = k.certificate_id AND e.file_id IS NOT NULL WHERE p.kind = 'certificate' GROUP BY 1""",
    "review_good_rate": ratio("r.level <= 3", "true", RATED), "review_bad_count": count("r.level >= 4", RATED), "review_real_name_bad_count": count("r.level >= 4 AND r.is_real_name", RATED),
    "review_linked_to_case": ratio("EXISTS (SELECT FROM cases_case k WHERE k.id::text = r.subject_id)", "true", RATED),
    "review_coverage_ratio": ratio(ASKED.format(" AND r.rated_at IS NOT NULL"), "true", ENDED), "review_targets_reviewable": ratio(ASKED.format(""), "true", ENDED),
    "review_items_reviewable": ratio("all_asked", "true", f"FROM (SELECT i.id, i.org_id, bool_and({ASKED.format('')}) AS all_asked FROM catalog_implementationitem i JOIN cases_case k ON k.item_id = i.id WHERE k.closed_at IS NOT NULL AND k.delivered_at IS NOT NULL AND i.version_id IS NOT NULL AND NOT i.is_suspended AND i.state NOT IN ('suspended', 'cancelled') GROUP BY 1, 2) i"),
    "ecert_stock_signed": "SELECT issuer_id, count(file_id), count(*) FROM certificates_ecert WHERE state NOT IN ('cancelled', 'revoked') GROUP BY 1",
    "shared_data_trace_rate": ratio("purpose <> '' AND subject_id <> '' AND actor_name <> '' AND consent_at <= at", "true", "FROM certificates_ecertuse"),
}  # fmt: skip
QUERIES |= plain_sql_supervision.QUERIES
