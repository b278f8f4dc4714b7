from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_tasks_gates_meetings")]

    operations = [
        migrations.RenameField("campaign", "rulepack", "rulepack_sha256"),
        migrations.AlterField(
            "campaign",
            "rulepack_sha256",
            models.CharField(blank=True, help_text="SHA-256 of what that pack says", max_length=64),
        ),
        migrations.AddField(
            "campaign",
            "rulepack",
            models.TextField(blank=True, help_text="id of the rule pack in force on the day of publishing"),
        ),
    ]
