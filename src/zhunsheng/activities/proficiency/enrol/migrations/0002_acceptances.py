import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SOME = 2000


def carry_over(apps, schema_editor):
    """What every enrolment had accepted by now is the first of its acceptances."""
    enrolments = apps.get_model("pt_enrol", "Enrolment").objects.order_by("accepted_at", "pk")
    acceptance, some = apps.get_model("pt_enrol", "Acceptance"), []
    for one in enrolments.iterator(chunk_size=SOME):
        some.append(
            acceptance(
                enrolment=one, promise_id=one.promise_id, at=one.accepted_at, by_id=one.accepted_by_id, on_behalf=one.on_behalf
            )
        )
        if len(some) == SOME:
            acceptance.objects.bulk_create(some, batch_size=500)
            some = []
    acceptance.objects.bulk_create(some, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("pt_enrol", "0001_initial"),
        ("pt_plan", "0002_judging_is_the_rounds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("on_behalf", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acceptances",
                        to="pt_enrol.enrolment",
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="pt_plan.promise"
                    ),
                ),
            ],
            options={"ordering": ["enrolment", "at", "pk"]},
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
