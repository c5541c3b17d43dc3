"""The new columns, read from the version in force of every item there is."""

import hashlib
import json

from django.db import migrations

# 办理时间的写法：周几：时段（备注），几段之间用分号分开
HOURS = (
    r"^((（?[夏冬]季[^：；]*）?[:：]|[0-9月日至-]+[:：])?((星期|周)[一二三四五六日]|[、至一二三四五六日]|星期|周)+："
    r"(上午|下午)?[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}(，(上午|下午)?[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2})*(（[^）]*）)*(；|$))+$"
)
FILL = f"""
UPDATE catalog_implementationitem i SET
  has_situations = coalesce((c->>'has_situations')::boolean, false) AND coalesce(c->'situations', 'null') NOT IN ('null'),
  has_guide = coalesce(btrim(c->>'guide_published_at'), '') <> '',
  says_legal_limit = coalesce(c->'legal_limit'->>'value', '') <> ''
    AND coalesce(c->'legal_limit'->>'unit', '') IN ('workday', 'natural_day'),
  says_promised_limit = coalesce(c->'promised_limit'->>'value', '') <> ''
    AND coalesce(c->'promised_limit'->>'unit', '') IN ('workday', 'natural_day'),
  says_address = jsonb_array_length(windows) > 0 AND NOT EXISTS (SELECT FROM jsonb_array_elements(windows) w
    WHERE '' IN (coalesce(btrim(w->>'street'), ''), coalesce(btrim(w->>'house_no'), ''), coalesce(btrim(w->>'room_no'), ''), coalesce(btrim(w->>'window_no'), ''))),
  says_hours = coalesce(c->>'office_hours', '') ~ '{HOURS}',
  says_phone = jsonb_array_length(phones) > 0,
  says_intermediary = coalesce(c->>'has_intermediary', '') <> '' AND (NOT (c->>'has_intermediary')::boolean OR NOT EXISTS (
    SELECT FROM jsonb_array_elements(coalesce(nullif(c->'intermediaries', 'null'), '[]')) x WHERE coalesce(btrim(x->>'legal_basis'), '') = '')),
  says_sources = NOT EXISTS (SELECT FROM jsonb_array_elements(materials) m WHERE coalesce(btrim(m->>'source_type'), '') = ''
    OR m->>'source_type' = 'gov_issued' AND coalesce(btrim(m->>'issuing_body'), '') = ''),
  says_counts = NOT EXISTS (SELECT FROM jsonb_array_elements(materials) m
    WHERE coalesce((m->>'original_count')::int, 0) + coalesce((m->>'copy_count')::int, 0) < 1 AND coalesce(m->>'medium', '') <> 'electronic'),
  says_kinds = NOT EXISTS (SELECT FROM jsonb_array_elements(materials) m
    WHERE coalesce(m->>'kind', '') NOT IN ('original', 'copy', 'both') OR coalesce(m->>'medium', '') NOT IN ('paper', 'electronic', 'both')),
  says_process = jsonb_array_length(steps) > 0 AND NOT EXISTS (SELECT FROM jsonb_array_elements(steps) s
    WHERE '' IN (coalesce(btrim(s->>'name'), ''), coalesce(s->>'time_limit_value', ''), coalesce(btrim(s->>'standard'), ''), coalesce(btrim(s->>'result'), ''))),
  says_onsite_reason = coalesce(btrim(c->'online'->>'onsite_reason'), '') <> '',
  is_one_version = (SELECT count(DISTINCT value) = 1 FROM jsonb_each_text(coalesce(nullif(c->'guide_versions', 'null'), '{{}}'))),
  has_window = jsonb_array_length(windows) > 0,
  is_on_platform = coalesce((c->'online'->>'is_online')::boolean, false) AND coalesce((c->'online'->>'online_depth')::int, 1) >= 2
    AND coalesce(btrim(c->'online'->>'portal_url'), '') <> ''
    AND (NOT coalesce((c->'online'->>'via_dept_system')::boolean, false) OR coalesce((c->'online'->>'is_sso')::boolean, false))
FROM (
  SELECT id, content c, coalesce(nullif(content->'windows', 'null'), '[]') windows, coalesce(nullif(content->'materials', 'null'), '[]') materials,
         coalesce(nullif(content->'process_steps', 'null'), '[]') steps, coalesce(nullif(content->'consult_phones', 'null'), '[]') phones
  FROM catalog_itemversion
) v WHERE v.id = i.version_id
"""
SELF_CHECK = """
UPDATE catalog_implementationitem i SET is_self_checked =
  says_sources AND says_counts AND says_kinds AND says_process
  AND NOT EXISTS (SELECT FROM jsonb_array_elements(coalesce(nullif(v.content->'materials', 'null'), '[]')) m
    WHERE (m->>'is_form')::boolean AND '' IN (coalesce(btrim(m->>'blank_form_file'), ''), coalesce(btrim(m->>'sample_form_file'), '')))
  AND (NOT coalesce((o->>'via_dept_system')::boolean, false) OR coalesce(o->>'build_mode', '') IN ('国垂', '省垂', '自建'))
  AND (NOT coalesce((o->>'is_online')::boolean, false) OR coalesce(btrim(o->>'portal_url'), '') <> '')
  AND (NOT is_cert_free OR has_linked_cert) AND (NOT has_callable_material OR is_cert_free)
FROM (SELECT id, content, content->'online' o FROM catalog_itemversion) v WHERE v.id = i.version_id
"""
BASICS = ("name", "basic_code", "item_type", "legal_basis")
NOTHING = (None, "", [], {})


def pruned(value):
    if isinstance(value, dict):
        kept = {k: pruned(v) for k, v in value.items()}
        return {k: v for k, v in kept.items() if v not in NOTHING}
    return [pruned(v) for v in value] if isinstance(value, list) else value


def hashes(apps, schema_editor):
    items = apps.get_model("catalog", "ImplementationItem")
    rows = items.objects.filter(version__isnull=False).order_by("pk").values_list("pk", "version__content")
    found = []
    for pk, content in rows.iterator(chunk_size=500):
        said = pruned({name: content.get(name) for name in BASICS})
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        found.append(items(pk=pk, basics_hash=hashlib.sha256(text.encode()).hexdigest()))
        if len(found) == 500:
            items.objects.bulk_update(found, ["basics_hash"])
            found = []
    items.objects.bulk_update(found, ["basics_hash"])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0030_guide_facts")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(SELF_CHECK, migrations.RunSQL.noop),
        migrations.RunPython(hashes, migrations.RunPython.noop),
    ]
