"""Published content is final: the database refuses to change or delete it. Trigrams serve the search."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

GUARD = """
CREATE FUNCTION catalog_published_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.is_published AND (TG_OP = 'DELETE' OR NEW.content IS DISTINCT FROM OLD.content
      OR NEW.number <> OLD.number OR NEW.item_id <> OLD.item_id OR NOT NEW.is_published) THEN
    RAISE EXCEPTION 'version % of item % is published and can not be changed', OLD.number, OLD.item_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER version_final BEFORE UPDATE OR DELETE ON catalog_itemversion
  FOR EACH ROW EXECUTE FUNCTION catalog_published_is_final();
CREATE INDEX item_search_trgm ON catalog_implementationitem USING gin (search_words gin_trgm_ops);
"""

UNGUARD = """
DROP INDEX item_search_trgm;
DROP TRIGGER version_final ON catalog_itemversion;
DROP FUNCTION catalog_published_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [TrigramExtension(), migrations.RunSQL(GUARD, UNGUARD)]
