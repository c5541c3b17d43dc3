"""Running numbers of tasks and receipts come from sequences, so that nobody waits for a locked counter."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("oversight", "0020_supervision")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE oversight_task_seq", "DROP SEQUENCE oversight_task_seq"),
        migrations.RunSQL("CREATE SEQUENCE oversight_receipt_seq", "DROP SEQUENCE oversight_receipt_seq"),
    ]
