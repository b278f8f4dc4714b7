"""What was drawn and what was found of it stand apart: a step of its own, as PostgreSQL alters no table with rows just written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("rectification", "0002_second_looks_and_new_orders")]

    operations = [
        migrations.RemoveField("lookedback", "held"),
        migrations.RemoveField("lookedback", "reason"),
        migrations.RemoveField("lookedback", "judged_by"),
        migrations.RemoveField("lookedback", "judged_at"),
    ]
