"""Items that stand suspended now are marked so."""

from django.db import migrations

MARK = "UPDATE catalog_implementationitem SET is_suspended = true WHERE state = 'suspended'"


class Migration(migrations.Migration):
    dependencies = [("catalog", "0012_suspended")]
    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
