"""What was recorded of a day is never changed or deleted: a correction is a row of its own."""

from django.db import migrations

GUARD = """
CREATE FUNCTION oversight_recorded_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of a recorded figure is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER snapshot_figure_final BEFORE UPDATE OR DELETE ON oversight_snapshotfigure
  FOR EACH ROW EXECUTE FUNCTION oversight_recorded_is_final();
CREATE TRIGGER snapshot_final BEFORE UPDATE OR DELETE ON oversight_snapshot
  FOR EACH ROW EXECUTE FUNCTION oversight_recorded_is_final();
"""

UNGUARD = """
DROP TRIGGER snapshot_final ON oversight_snapshot;
DROP TRIGGER snapshot_figure_final ON oversight_snapshotfigure;
DROP FUNCTION oversight_recorded_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("oversight", "0010_figures")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
