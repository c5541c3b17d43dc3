"""A suspended item stays suspended while it is being changed; a request may be given up; handling items are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0012_usual")]

    operations = [
        migrations.AddField(
            model_name="implementationitem",
            name="is_suspended",
            field=models.BooleanField(
                default=False, help_text="暂停办理，直到恢复或者发布新版本；调整期间也不对外公布"
            ),
        ),
        migrations.AddField(
            model_name="implementationitem",
            name="handling_count",
            field=models.PositiveSmallIntegerField(default=1, help_text="业务办理项数；没有拆分的算一项"),
        ),
        migrations.AlterField(
            model_name="changerequest",
            name="outcome",
            field=models.CharField(
                choices=[("open", "办理中"), ("done", "已完成"), ("declined", "未同意"), ("withdrawn", "已放弃")],
                default="open",
                max_length=10,
            ),
        ),
    ]
