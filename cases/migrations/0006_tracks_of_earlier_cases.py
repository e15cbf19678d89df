import uuid

import clock
from django.db import migrations

TRACKS = ("LegalProtection", "MedicalCare", "Rehabilitation")


def open_tracks(apps, schema_editor):
    """Cases from before have the three tracks too, in their first states, with the history of that moment."""
    using = schema_editor.connection.alias
    cases = list(apps.get_model("cases", "Case").objects.using(using).values_list("pk", flat=True))
    now = clock.now()
    for name in TRACKS:
        model = apps.get_model("cases", name)
        history = apps.get_model("cases", f"Historical{name}")
        rows = [model(id=uuid.uuid4(), case_id=case_id) for case_id in cases]
        model.objects.using(using).bulk_create(rows, batch_size=1000)
        fields = [field.attname for field in model._meta.concrete_fields]
        history.objects.using(using).bulk_create(
            (
                history(
                    history_date=now,
                    history_type="+",
                    **{attname: getattr(row, attname) for attname in fields},
                )
                for row in rows
            ),
            batch_size=1000,
        )


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_whole_file")]

    operations = [migrations.RunPython(open_tracks, migrations.RunPython.noop)]
