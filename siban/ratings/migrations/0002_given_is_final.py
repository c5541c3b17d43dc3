"""The database itself refuses to change or delete a rating that was given (一事一评，提交后不得修改)."""

from django.db import migrations

GUARD = """
CREATE FUNCTION ratings_given_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.rated_at IS NOT NULL THEN
    RAISE EXCEPTION '% of a given rating is refused', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER review_given_is_final BEFORE UPDATE OR DELETE ON ratings_review
  FOR EACH ROW EXECUTE FUNCTION ratings_given_is_final();
"""

UNGUARD = """
DROP TRIGGER review_given_is_final ON ratings_review;
DROP FUNCTION ratings_given_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("ratings", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
