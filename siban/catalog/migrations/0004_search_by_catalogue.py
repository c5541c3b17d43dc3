"""The search ranks base items in memory and looks implementations up by (base item, region); the word index goes."""

import django.db.models.deletion
from django.db import migrations, models

UNINDEX = """
DROP INDEX item_search_trgm;
DROP INDEX item_name_trgm;
DROP INDEX item_search;
ALTER TABLE catalog_implementationitem DROP COLUMN search;
"""

INDEX = """
ALTER TABLE catalog_implementationitem ADD COLUMN search tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple'::regconfig, split_part(search_words, ' | ', 1)), 'A') ||
  setweight(to_tsvector('simple'::regconfig, split_part(search_words, ' | ', 2)), 'C')
) STORED;
CREATE INDEX item_search ON catalog_implementationitem USING gin (search);
CREATE INDEX item_name_trgm ON catalog_implementationitem USING gin (name gin_trgm_ops);
CREATE INDEX item_search_trgm ON catalog_implementationitem USING gin (search_words gin_trgm_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0003_search")]
    operations = [
        migrations.RunSQL(UNINDEX, INDEX),
        migrations.AddField(
            model_name="catalogitem",
            name="presented_by",
            field=models.ForeignKey(
                help_text="其指南代表本事项供检索的实施清单", null=True, on_delete=django.db.models.deletion.SET_NULL,
                related_name="+", to="catalog.implementationitem",
            ),
        ),
        migrations.AddIndex(
            model_name="implementationitem",
            index=models.Index(
                fields=["catalog_item", "region"], name="item_catalog_region",
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops"],
            ),
        ),
        migrations.CreateModel(
            name="LibraryStamp",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("value", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="library_stamp_is_one"),
                ],
            },
        ),
    ]  # fmt: skip
