from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0014_suspended_of_what_stands")]

    operations = [
        migrations.AddField(
            "implementationitem",
            "cross_scope",
            models.CharField(blank=True, db_default="", default="", help_text="跨域通办的范围", max_length=8),
        ),
        migrations.AddField(
            "implementationitem",
            "is_grassroots",
            models.BooleanField(db_default=False, default=False, help_text="苏木镇、嘎查可以代收"),
        ),
    ]
