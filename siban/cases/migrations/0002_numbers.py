"""Running numbers of cases come from a sequence: no row is locked while cases pour in. Numbers of papers have no gaps, these may."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE cases_number_seq", "DROP SEQUENCE cases_number_seq"),
    ]
