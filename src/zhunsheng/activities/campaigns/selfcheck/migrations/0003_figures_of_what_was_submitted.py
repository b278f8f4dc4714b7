"""The figures count what was submitted, no drafts: they are made anew from the forms."""

from collections import Counter
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

PREFECTURE = 4
BATCH = 100


def count_anew(apps: Any, schema_editor: Any) -> None:
    SelfCheck, Answer, Tally, Turnout = (
        apps.get_model("selfcheck", name) for name in ("SelfCheck", "Answer", "Tally", "Turnout")
    )
    SelfCheck.objects.filter(state="returned").update(submitted_at=None, submitted_by=None)
    forms: Counter[Any] = Counter()
    answers: Counter[Any] = Counter()
    for form in SelfCheck.objects.select_related("participant").iterator(chunk_size=BATCH):
        place, handed_in = form.participant, form.submitted_at is not None
        given = Answer.objects.filter(selfcheck=form).values_list("item", "answer") if handed_in else ()
        for field in ("", *place.fields):
            key = (form.call_id, field, place.region_code)
            forms.update([(key, form.state), *([(key, "handed_in")] if handed_in else [])])
            forms.update([(key, "without_a_problem")] if handed_in and not form.problems else [])
            answers.update(((form.call_id, field, place.region_code[:PREFECTURE], item), said) for item, said in given)
    keep(Turnout, ("call_id", "field", "region_code"), forms)
    keep(Tally, ("call_id", "field", "prefecture", "item_id"), answers)


def keep(model: Any, names: tuple[str, ...], counted: Counter[Any]) -> None:
    rows: dict[Any, Any] = {}
    for (key, column), n in counted.items():
        setattr(rows.setdefault(key, model(**dict(zip(names, key, strict=True)))), column, n)
    model.objects.bulk_create(rows.values(), batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("selfcheck", "0002_proofs_taken_back"),
    ]

    operations = [
        migrations.AlterField(
            model_name="selfcheck",
            name="submitted_at",
            field=models.DateTimeField(
                help_text="when the word that stands was given; none for what was given back", null=True
            ),
        ),
        migrations.DeleteModel(name="Tally"),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefecture", models.CharField(help_text="the first four digits of the region code", max_length=4)),
                ("field", models.CharField(blank=True, max_length=32)),
                ("fine", models.IntegerField(default=0)),
                ("problem", models.IntegerField(default=0)),
                ("na", models.IntegerField(default=0)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tallies", to="selfcheck.call"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="selfcheck.checklistitem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("call", "field", "prefecture", "item"), name="tallied_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Turnout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=6)),
                ("field", models.CharField(blank=True, max_length=32)),
                ("open", models.IntegerField(default=0)),
                ("submitted", models.IntegerField(default=0)),
                ("returned", models.IntegerField(default=0)),
                ("frozen", models.IntegerField(default=0)),
                (
                    "handed_in",
                    models.IntegerField(default=0, help_text="whose word stands: submitted and not given back since"),
                ),
                (
                    "without_a_problem",
                    models.IntegerField(default=0, help_text="of these, those without one problem in any item"),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="turnout", to="selfcheck.call"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("call", "field", "region_code"), name="turned_out_once")
                ],
            },
        ),
        migrations.RunPython(count_anew, migrations.RunPython.noop),
    ]
