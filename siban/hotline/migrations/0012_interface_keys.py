import django.db.models.deletion
from django.db import migrations, models

import siban.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("hotline", "0011_article_numbers"),
        ("identity", "0003_reading"),
    ]

    operations = [
        migrations.CreateModel(
            name="InterfaceKey",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60, verbose_name="使用单位")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("ending", models.CharField(max_length=4, verbose_name="末四位")),
                ("issued_at", models.DateTimeField(verbose_name="发放时间")),
                ("issued_by", models.CharField(max_length=50, verbose_name="发放人")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="停用时间")),
                ("revoked_by", models.CharField(blank=True, max_length=50, verbose_name="停用人")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="最近使用")),
                ("uses", models.PositiveIntegerField(default=0, verbose_name="提交次数")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.region"
                    ),
                ),
            ],
            options={
                "verbose_name": "开放接口密钥",
                "ordering": ["-issued_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_by", "")),
                            ("revoked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="interface_key_revoked_by",
                    )
                ],
            },
        ),
    ]
