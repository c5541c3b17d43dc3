"""The two new columns, read from the version in force of every item there is."""

from django.db import migrations

FILL = """
UPDATE catalog_implementationitem i
SET cross_scope = CASE v.content->>'cross_region_scope'
      WHEN '跨县' THEN 'county' WHEN '全市' THEN 'county' WHEN '跨市' THEN 'region' WHEN '全区' THEN 'region'
      WHEN '跨省' THEN 'nation' WHEN '全国' THEN 'nation' ELSE '' END,
    is_grassroots = coalesce(v.content->>'grassroots_mode', '') <> ''
FROM catalog_itemversion v WHERE v.id = i.version_id
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_cross")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
