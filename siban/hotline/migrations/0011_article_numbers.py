from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("hotline", "0010_knowledge")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE hotline_article_seq START 1001", "DROP SEQUENCE hotline_article_seq"),
    ]
