from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("hotline", "0001_orders")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE hotline_order_seq", "DROP SEQUENCE hotline_order_seq"),
    ]
