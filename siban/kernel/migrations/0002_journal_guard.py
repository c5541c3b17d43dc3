"""The database itself refuses to change or delete journal rows and anchors."""

from django.db import migrations

GUARD = """
CREATE FUNCTION kernel_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
    RETURN NULL;  -- a test database may be emptied between tests; its rows still can't be altered
  END IF;
  RAISE EXCEPTION '% of % is refused: the journal is append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON kernel_journalentry
  FOR EACH ROW EXECUTE FUNCTION kernel_append_only();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON kernel_journalentry
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_append_only();
CREATE TRIGGER anchor_no_change BEFORE UPDATE OR DELETE ON kernel_journalanchor
  FOR EACH ROW EXECUTE FUNCTION kernel_append_only();
CREATE TRIGGER anchor_no_truncate BEFORE TRUNCATE ON kernel_journalanchor
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_append_only();
"""

UNGUARD = """
DROP TRIGGER journal_no_change ON kernel_journalentry;
DROP TRIGGER journal_no_truncate ON kernel_journalentry;
DROP TRIGGER anchor_no_change ON kernel_journalanchor;
DROP TRIGGER anchor_no_truncate ON kernel_journalanchor;
DROP FUNCTION kernel_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
