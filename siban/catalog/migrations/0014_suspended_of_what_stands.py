"""Items that stand suspended now are marked so; handling items of what is in force are counted."""

from django.db import migrations

MARK = "UPDATE catalog_implementationitem SET is_suspended = true WHERE state = 'suspended'"

COUNT = """
UPDATE catalog_implementationitem i SET handling_count = jsonb_array_length(v.content -> 'handling_items')
FROM catalog_itemversion v
WHERE v.id = i.version_id AND jsonb_typeof(v.content -> 'handling_items') = 'array'
  AND jsonb_array_length(v.content -> 'handling_items') > 1
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0013_suspended")]
    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop), migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
