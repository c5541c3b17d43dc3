"""Each base item is presented by its highest published implementation."""

from django.db import migrations

PRESENT = """
UPDATE catalog_catalogitem c SET presented_by_id = i.id
FROM (
  SELECT DISTINCT ON (catalog_item_id) id, catalog_item_id FROM catalog_implementationitem
  WHERE version_id IS NOT NULL ORDER BY catalog_item_id, level, slug
) i
WHERE i.catalog_item_id = c.basic_code;
INSERT INTO catalog_librarystamp (id, value)
SELECT 1, gen_random_uuid() WHERE EXISTS (SELECT FROM catalog_catalogitem WHERE presented_by_id IS NOT NULL);
"""

UNPRESENT = "UPDATE catalog_catalogitem SET presented_by_id = NULL; DELETE FROM catalog_librarystamp;"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_search_by_catalogue")]
    operations = [migrations.RunSQL(PRESENT, UNPRESENT)]
