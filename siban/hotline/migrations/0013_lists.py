from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hotline", "0012_interface_keys"),
        ("identity", "0003_reading"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["-received_at", "-id"], name="order_newest"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["leaf", "-received_at", "-id"], name="order_of_leaf"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["due_at", "id"], name="order_open_due"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["state", "-received_at"], name="order_open_state"
            ),
        ),
    ]
