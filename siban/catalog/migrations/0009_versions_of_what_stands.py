"""Items in force before: their booleans and the hash of their locked elements, from the version they have."""

import hashlib
import json

from django.db import migrations

LOCKED = (
    "name", "basic_code", "item_type", "sub_type", "legal_basis", "accept_conditions", "materials", "process_steps",
    "special_procedures", "legal_limit", "result", "has_situations", "situations",
)  # fmt: skip
NOTHING = (None, "", [], {})
FLAGS = """
UPDATE catalog_implementationitem i SET
  has_intermediary = coalesce((v.content->>'has_intermediary')::boolean, false),
  has_special = jsonb_array_length(coalesce(nullif(v.content->'special_procedures', 'null'), '[]')) > 0,
  is_deficiency = coalesce((v.content->>'is_deficiency')::boolean, false),
  is_commitment = coalesce((v.content->>'is_commitment')::boolean, false)
FROM catalog_itemversion v WHERE v.id = i.version_id
"""
UNEQUAL = """
UPDATE catalog_implementationitem i SET is_unequal = true
FROM catalog_implementationitem b
WHERE b.id = i.base_id AND i.locked_hash <> '' AND b.locked_hash <> '' AND i.locked_hash <> b.locked_hash
"""


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
        said = pruned({name: content.get(name) for name in LOCKED})
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        found.append(items(pk=pk, locked_hash=hashlib.sha256(text.encode()).hexdigest()))
        if len(found) == 500:
            items.objects.bulk_update(found, ["locked_hash"])
            found = []
    items.objects.bulk_update(found, ["locked_hash"])


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_versions_and_lists")]
    operations = [
        migrations.RunSQL(FLAGS, migrations.RunSQL.noop),
        migrations.RunPython(hashes, migrations.RunPython.noop),
        migrations.RunSQL(UNEQUAL, migrations.RunSQL.noop),
    ]
