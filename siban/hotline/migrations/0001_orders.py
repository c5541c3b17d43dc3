import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import siban.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("identity", "0003_reading"),
        ("kernel", "0004_security_events"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="工单编号")),
                ("key", models.CharField(max_length=64, null=True, unique=True, verbose_name="登记凭据")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("phone", "电话"),
                            ("wechat", "微信"),
                            ("mensuban_app", "蒙速办"),
                            ("online_portal", "网站"),
                            ("sms", "短信"),
                            ("mailbox", "信箱"),
                            ("leader_board", "领导留言板"),
                            ("transfer_up", "上级转来"),
                            ("open311", "开放接口"),
                        ],
                        max_length=16,
                        verbose_name="来源",
                    ),
                ),
                ("text", models.TextField(verbose_name="诉求")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="地点")),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("caller_name", models.CharField(blank=True, max_length=50, verbose_name="诉求人")),
                ("caller_phone", models.CharField(blank=True, max_length=20, verbose_name="联系电话")),
                ("caller_key", models.CharField(blank=True, max_length=64, verbose_name="来电标识")),
                ("is_secret", models.BooleanField(default=False, verbose_name="要求保密")),
                (
                    "nature",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("consult", "咨询"),
                            ("help", "求助"),
                            ("complaint", "投诉"),
                            ("report", "举报"),
                            ("suggestion", "建议"),
                        ],
                        max_length=12,
                        verbose_name="性质",
                    ),
                ),
                ("leaf", models.CharField(blank=True, max_length=6, verbose_name="类别")),
                ("leaf_name", models.CharField(blank=True, max_length=60, verbose_name="类别")),
                ("demands", models.JSONField(default=list, verbose_name="各项诉求")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("grid", "网格"),
                            ("community", "社区（嘎查）"),
                            ("street", "街道（苏木乡镇）"),
                            ("whistle", "吹哨"),
                        ],
                        max_length=12,
                        verbose_name="级别",
                    ),
                ),
                ("is_urgent", models.BooleanField(default=False, verbose_name="紧急")),
                ("is_emergency", models.BooleanField(default=False, verbose_name="危及生命财产")),
                ("emergency_line", models.CharField(blank=True, max_length=8, verbose_name="已转接")),
                ("is_long_term", models.BooleanField(default=False, verbose_name="长期改进类")),
                ("is_unreasonable", models.BooleanField(default=False, verbose_name="不合理诉求")),
                ("is_difficult", models.BooleanField(default=False, verbose_name="疑难")),
                ("is_ruled", models.BooleanField(default=False, verbose_name="已裁定")),
                ("out_of_scope", models.CharField(blank=True, max_length=24, verbose_name="不予受理的原因")),
                ("right_door", models.CharField(blank=True, max_length=100, verbose_name="正确渠道")),
                ("outcome", models.TextField(blank=True, verbose_name="答复")),
                ("article", models.CharField(blank=True, max_length=36, verbose_name="答复所用的知识条目")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "登记中"),
                            ("created", "待派单"),
                            ("dispatched", "待签收"),
                            ("return_requested", "退单待审"),
                            ("ruling", "派单争议待裁定"),
                            ("handling", "办理中"),
                            ("replied", "待回访"),
                            ("whistled", "吹哨会商"),
                            ("escalated", "提级督办"),
                            ("suspend_requested", "挂单待批"),
                            ("suspended", "已挂单"),
                            ("terminate_requested", "终结待审核"),
                            ("terminate_reviewed", "终结待批准"),
                            ("terminate_notified", "终结告知中"),
                            ("appealed", "终结申诉中"),
                            ("merged", "已并单"),
                            ("closed", "已办结"),
                            ("direct_answered", "已当场答复"),
                            ("referred", "已告知正确渠道"),
                            ("withdrawn", "诉求人撤回"),
                            ("terminated", "已终结"),
                        ],
                        default="received",
                        max_length=20,
                    ),
                ),
                ("merged_from", models.CharField(blank=True, max_length=20, verbose_name="并单前的状态")),
                ("weight", models.PositiveIntegerField(default=1, verbose_name="诉求人数")),
                ("received_at", models.DateTimeField(verbose_name="来电时间")),
                ("dispatched_at", models.DateTimeField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
                ("contacted_at", models.DateTimeField(null=True)),
                ("replied_at", models.DateTimeField(null=True)),
                ("first_replied_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("handled_at", models.DateTimeField(null=True, verbose_name="办结时间（答复）")),
                ("limit_words", models.CharField(blank=True, max_length=120, verbose_name="时限")),
                ("due_at", models.DateTimeField(null=True, verbose_name="办理期限")),
                ("contact_by", models.DateTimeField(null=True, verbose_name="联系期限")),
                ("return_by", models.DateTimeField(null=True, verbose_name="退单期限")),
                ("step", models.CharField(blank=True, max_length=12, verbose_name="当前步骤的期限")),
                ("step_due_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True, verbose_name="停钟")),
                ("warned", models.PositiveSmallIntegerField(default=0, verbose_name="已预警到第几级")),
                ("step_warned", models.PositiveSmallIntegerField(default=0)),
                ("returns", models.PositiveSmallIntegerField(default=0, verbose_name="退单次数")),
                ("redos", models.PositiveSmallIntegerField(default=0, verbose_name="重办次数")),
                ("transfers", models.PositiveSmallIntegerField(default=0, verbose_name="转办次数")),
                ("extensions", models.PositiveSmallIntegerField(default=0, verbose_name="延期次数")),
                ("extension", models.JSONField(default=dict, verbose_name="延期申请")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="回访未接通次数")),
                ("has_visit", models.BooleanField(default=False, verbose_name="已上门")),
                ("no_visit_reason", models.CharField(blank=True, max_length=200, verbose_name="不用上门的原因")),
                ("is_solved", models.BooleanField(null=True, verbose_name="已解决")),
                ("is_satisfied", models.BooleanField(null=True, verbose_name="满意")),
                ("was_late", models.BooleanField(default=False, verbose_name="曾经逾期")),
                ("improper_returns", models.PositiveSmallIntegerField(default=0, verbose_name="不当退单次数")),
                ("asked_by", models.CharField(blank=True, max_length=36)),
                ("reviewed_by", models.CharField(blank=True, max_length=36)),
                ("hands", models.JSONField(default=list, verbose_name="经手的承办人")),
                ("registered_by", models.UUIDField(null=True)),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "first_lead",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hotline_orders",
                        to="identity.org",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="hotline.order",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.person"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.region"
                    ),
                ),
                (
                    "suggested",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
            ],
            options={
                "verbose_name": "12345 工单",
                "ordering": ["-received_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("whistle", "吹哨会商"), ("escalated", "提级办理")], max_length=10),
                ),
                ("called_at", models.DateTimeField()),
                ("arrive_by", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=300, verbose_name="事由")),
                ("units", models.JSONField(default=list, verbose_name="应到单位")),
                ("attended", models.JSONField(default=dict, verbose_name="报到")),
                ("held_at", models.DateTimeField(null=True)),
                ("minutes", models.TextField(blank=True, verbose_name="会议纪要")),
                (
                    "lead",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meetings", to="hotline.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "会商",
                "ordering": ["called_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Leg",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("role", models.CharField(choices=[("lead", "主办"), ("co", "协办")], max_length=4)),
                (
                    "state",
                    models.CharField(
                        choices=[("sent", "待签收"), ("signed", "协办中"), ("done", "已反馈"), ("recalled", "已撤回")],
                        default="sent",
                        max_length=10,
                    ),
                ),
                ("ask", models.CharField(blank=True, max_length=300, verbose_name="协办要求")),
                ("answer", models.TextField(blank=True, verbose_name="协办反馈")),
                ("sent_at", models.DateTimeField()),
                ("sign_by", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("signed_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.region"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="legs", to="hotline.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "工单协办",
                "ordering": ["sent_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=12)),
                ("started_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("first_due_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(null=True)),
                ("stopped_seconds", models.BigIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("limit_words", models.CharField(max_length=40)),
                ("source", models.CharField(max_length=200)),
                (
                    "org",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="hotline.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "工单时钟",
                "ordering": ["started_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Callback",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(null=True)),
                ("by_name", models.CharField(max_length=50)),
                (
                    "channel",
                    models.CharField(
                        choices=[("phone", "电话"), ("self", "诉求人自己填写"), ("system", "系统")], max_length=12
                    ),
                ),
                ("is_reached", models.BooleanField(verbose_name="接通")),
                ("is_solved", models.BooleanField(null=True, verbose_name="已解决")),
                ("is_satisfied", models.BooleanField(null=True, verbose_name="满意")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="诉求人的话")),
                (
                    "lead",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="callbacks", to="hotline.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "回访",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="OrderFile",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("caller", "诉求人上传"), ("visit", "上门"), ("evidence", "佐证"), ("reply", "答复")],
                        max_length=12,
                    ),
                ),
                ("by_name", models.CharField(blank=True, max_length=50)),
                ("at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.storedfile"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="hotline.order"
                    ),
                ),
            ],
            options={
                "verbose_name": "工单附件",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="RuleDraft",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=6, verbose_name="编码")),
                ("change", models.JSONField(default=dict, verbose_name="修改内容")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("by_id", models.UUIDField()),
                ("by_name", models.CharField(max_length=50)),
                ("at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.region"
                    ),
                ),
            ],
            options={
                "verbose_name": "派单规则修改",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("history", "历史遗留问题"),
                            ("funds", "需要大额资金"),
                            ("planning", "涉及规划，须待条件具备"),
                            ("season", "受季节限制，不能施工"),
                        ],
                        max_length=12,
                        verbose_name="条件",
                    ),
                ),
                ("reason", models.TextField(verbose_name="原因")),
                ("measure", models.TextField(verbose_name="措施和计划")),
                ("responsible", models.CharField(max_length=50, verbose_name="责任人")),
                ("expected_on", models.DateField(verbose_name="预计完成")),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_granted", models.BooleanField(null=True)),
                ("opinion", models.CharField(blank=True, max_length=300, verbose_name="审批意见")),
                ("progress_by", models.DateTimeField(null=True, verbose_name="下次进展期限")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="hotline.order"
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
            ],
            options={
                "verbose_name": "挂单",
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SuspensionProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("words", models.TextField(verbose_name="进展")),
                ("by_name", models.CharField(max_length=50)),
                ("is_late", models.BooleanField(default=False)),
                (
                    "suspension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="hotline.suspension"
                    ),
                ),
            ],
            options={
                "verbose_name": "挂单进展",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Termination",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("answered", "已经依法答复，仍以同一事由反复提出"),
                            ("no_basis", "没有法律、政策依据"),
                            ("excessive", "要求明显过高，超出法定标准"),
                            ("entangled", "缠诉，扰乱正常工作秩序"),
                            ("false", "经查诉求内容不属实"),
                        ],
                        max_length=12,
                        verbose_name="理由",
                    ),
                ),
                ("reason", models.TextField(verbose_name="理由说明")),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("evidence", models.TextField(verbose_name="证据")),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=50)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("reviewed_by", models.CharField(blank=True, max_length=50, verbose_name="审核人")),
                ("approved_at", models.DateTimeField(null=True)),
                ("approved_by", models.CharField(blank=True, max_length=50, verbose_name="批准人")),
                ("told_how", models.CharField(blank=True, max_length=100, verbose_name="告知方式")),
                ("told_on", models.DateField(null=True, verbose_name="告知日期")),
                ("refused_at", models.DateTimeField(null=True)),
                ("opinion", models.CharField(blank=True, max_length=300, verbose_name="意见")),
                ("appealed_at", models.DateTimeField(null=True)),
                ("appeal", models.TextField(blank=True, verbose_name="申诉")),
                ("appeal_decided_at", models.DateTimeField(null=True)),
                ("appeal_result", models.CharField(blank=True, max_length=300, verbose_name="申诉结果")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="terminations", to="hotline.order"
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
            ],
            options={
                "verbose_name": "终结",
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=64, null=True, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("handle", "上门办理"), ("persuade", "上门劝导"), ("feedback", "上门反馈")],
                        max_length=10,
                    ),
                ),
                ("visited_at", models.DateTimeField(verbose_name="上门时间")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="地点")),
                ("latitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("longitude", models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ("words", models.TextField(verbose_name="情况")),
                ("by_id", models.UUIDField()),
                ("by_name", models.CharField(max_length=50)),
                ("recorded_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="hotline.order"
                    ),
                ),
                (
                    "org",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.org"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "上门记录",
                "ordering": ["visited_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.UUIDField(default=siban.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=6, verbose_name="编码")),
                ("name", models.CharField(max_length=60, verbose_name="类别")),
                ("top_name", models.CharField(max_length=60, verbose_name="大类")),
                ("second_name", models.CharField(max_length=60, verbose_name="中类")),
                ("keywords", models.JSONField(default=list, verbose_name="关键词")),
                ("natures", models.JSONField(default=list, verbose_name="适用性质")),
                ("lead_unit", models.CharField(max_length=60, verbose_name="主责单位")),
                ("co_units", models.JSONField(default=list, verbose_name="协办单位")),
                (
                    "default_level",
                    models.CharField(
                        choices=[
                            ("grid", "网格"),
                            ("community", "社区（嘎查）"),
                            ("street", "街道（苏木乡镇）"),
                            ("whistle", "吹哨"),
                        ],
                        max_length=12,
                        verbose_name="级别",
                    ),
                ),
                ("limit_value", models.PositiveSmallIntegerField(null=True, verbose_name="时限")),
                ("limit_unit", models.CharField(blank=True, max_length=12, verbose_name="时限单位")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("is_urgent", models.BooleanField(default=False, verbose_name="紧急")),
                ("is_acceptable", models.BooleanField(default=True, verbose_name="予以受理")),
                ("is_public", models.BooleanField(default=True, verbose_name="对外公开")),
                ("valid_from", models.DateField(verbose_name="生效日期")),
                ("valid_to", models.DateField(null=True, verbose_name="失效日期")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="identity.region"
                    ),
                ),
            ],
            options={
                "verbose_name": "热线类别",
                "ordering": ["code", "valid_from"],
                "indexes": [models.Index(fields=["region", "code"], name="category_code")],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("code", "="),
                            ("region", "="),
                            (
                                models.Func(
                                    models.F("valid_from"),
                                    models.F("valid_to"),
                                    django.contrib.postgres.fields.ranges.RangeBoundary(),
                                    function="DATERANGE",
                                ),
                                "&&",
                            ),
                        ],
                        name="category_one_row_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                        ),
                        name="category_period_runs_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^\\d{6}$")), name="category_code_6_digits"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["region", "-received_at", "-id"], name="order_in_region"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["lead", "-received_at", "-id"], name="order_of_lead"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["lead", "state", "due_at"], name="order_open_of_lead"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("closed_at", None)),
                fields=["region", "state", "due_at"],
                name="order_open_in_region",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(condition=models.Q(("closed_at", None)), fields=["step_due_at"], name="order_step_due"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["caller_key", "-received_at"], name="order_of_caller"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("person__isnull", False)), fields=["person"], name="order_of_person"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["region", "leaf", "-received_at"], name="order_leaf_in_region"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="order_merged_into"
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="order_words"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("state__in", ["closed", "direct_answered", "referred", "withdrawn", "terminated"]),
                        _negated=True,
                    ),
                    ("closed_at__isnull", False),
                    _connector="OR",
                ),
                name="order_ended_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at", None),
                    ("state__in", ["closed", "direct_answered", "referred", "withdrawn", "terminated"]),
                    _connector="OR",
                ),
                name="order_closed_is_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True), name="order_not_merged_into_itself"
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ("dispatched", "handling", "replied")), _negated=True),
                    ("lead__isnull", False),
                    _connector="OR",
                ),
                name="order_in_hand_has_lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", False), _connector="OR"
                ),
                name="order_merged_names_its_main",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_satisfied", None), ("is_solved__isnull", False), _connector="OR"),
                name="order_two_questions_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("held_at", None)), fields=("order",), name="meeting_one_open_an_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("held_at", None), models.Q(("minutes", ""), _negated=True), _connector="OR"),
                name="meeting_held_has_minutes",
            ),
        ),
        migrations.AddIndex(
            model_name="leg",
            index=models.Index(fields=["org", "state", "due_at"], name="leg_of_org"),
        ),
        migrations.AddConstraint(
            model_name="leg",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "lead"), ("state__in", ("sent", "signed"))),
                fields=("order",),
                name="leg_one_lead_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="leg",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("sent", "signed"))), fields=("order", "org"), name="leg_once_a_unit"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(fields=["order", "kind", "started_at"], name="clock_of_order"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("order", "kind"), name="clock_one_running_a_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("started_at"))), name="clock_due_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("ended_at__gte", models.F("started_at")), _connector="OR"),
                name="clock_ended_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at", None), ("stopped_at", None), _connector="OR"),
                name="clock_ended_does_not_stand",
            ),
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(fields=["order", "at"], name="callback_of_order"),
        ),
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_reached", False), ("is_satisfied", None), ("is_solved", None)),
                    models.Q(("is_reached", True), ("is_satisfied__isnull", False), ("is_solved__isnull", False)),
                    _connector="OR",
                ),
                name="callback_two_questions",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruledraft",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None)), fields=("region", "code"), name="rule_draft_one_open"
            ),
        ),
        migrations.AddIndex(
            model_name="suspension",
            index=models.Index(fields=["org", "ended_at"], name="suspension_of_org"),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("order",), name="suspension_one_open_an_order"
            ),
        ),
        migrations.AddIndex(
            model_name="termination",
            index=models.Index(fields=["org", "ended_at"], name="termination_of_org"),
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("order",), name="termination_one_open_an_order"
            ),
        ),
        migrations.AddConstraint(
            model_name="termination",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_at", None),
                    models.Q(("reviewed_at__isnull", False), models.Q(("told_how", ""), _negated=True)),
                    _connector="OR",
                ),
                name="termination_reviewed_and_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("visited_at__lte", models.F("recorded_at"))), name="visit_not_in_future"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("words", ""), _negated=True), name="visit_says_something"
            ),
        ),
    ]
