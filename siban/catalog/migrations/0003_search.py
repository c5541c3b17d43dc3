"""The search index: weighted words of name and guide, kept by the database itself; sounds and close spellings."""

from django.db import migrations

INDEX = """
ALTER TABLE catalog_implementationitem ADD COLUMN search tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple'::regconfig, split_part(search_words, ' | ', 1)), 'A') ||
  setweight(to_tsvector('simple'::regconfig, split_part(search_words, ' | ', 2)), 'C')
) STORED;
CREATE INDEX item_search ON catalog_implementationitem USING gin (search);
CREATE INDEX item_name_trgm ON catalog_implementationitem USING gin (name gin_trgm_ops);
"""

UNINDEX = """
DROP INDEX item_name_trgm;
DROP INDEX item_search;
ALTER TABLE catalog_implementationitem DROP COLUMN search;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_published_is_final")]
    operations = [migrations.RunSQL(INDEX, UNINDEX)]
