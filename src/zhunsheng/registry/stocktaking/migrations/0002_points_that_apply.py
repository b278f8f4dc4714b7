from typing import Any

from django.db import migrations, models


def all_applied(apps: Any, _: Any) -> None:
    """What was confirmed until now was scored of all points: ten of completeness, nine of consistency."""
    confirmed = apps.get_model("stocktaking", "Return").objects.exclude(complete=None)
    confirmed.update(complete_of=10, consistent_of=9)


class Migration(migrations.Migration):
    dependencies = [("stocktaking", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="return",
            name="complete_of",
            field=models.PositiveSmallIntegerField(
                help_text="of so many points of completeness that applied", null=True
            ),
        ),
        migrations.AddField(
            model_name="return",
            name="consistent_of",
            field=models.PositiveSmallIntegerField(
                help_text="of so many points of consistency that applied", null=True
            ),
        ),
        migrations.RunPython(all_applied, migrations.RunPython.noop),
    ]
