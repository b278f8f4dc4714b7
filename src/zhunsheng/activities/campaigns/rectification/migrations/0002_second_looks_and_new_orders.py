"""What a second look found gets rows of its own, which never change; and a finding can be ordered to be put right anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def carry_over(apps, schema_editor):
    LookedBack = apps.get_model("rectification", "LookedBack")
    SecondLook = apps.get_model("rectification", "SecondLook")
    SecondLook.objects.bulk_create(
        (
            SecondLook(
                looked_back=one, held=one.held, reason=one.reason, judged_by_id=one.judged_by_id, judged_at=one.judged_at
            )
            for one in LookedBack.objects.exclude(held=None)
        ),
        batch_size=300,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("rectification", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="NewOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("due_on", models.DateField()),
                ("ordered_at", models.DateTimeField()),
                ("ordered_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("rectification", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="new_orders", to="rectification.rectification")),
            ],
            options={"ordering": ["ordered_at", "pk"]},
        ),
        migrations.CreateModel(
            name="SecondLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("held", models.BooleanField()),
                ("reason", models.TextField()),
                ("judged_at", models.DateTimeField()),
                ("judged_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("looked_back", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="second_look", to="rectification.lookedback")),
            ],
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
