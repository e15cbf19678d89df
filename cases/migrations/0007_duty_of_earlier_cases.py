import uuid

import clock
from django.db import migrations

ROWS_AT_ONCE = 1000


def open_duty(apps, schema_editor):
    """The agency that owns a case holds its duty ground too, with the history of that moment."""
    using = schema_editor.connection.alias
    access = apps.get_model("cases", "CaseAccess")
    history = apps.get_model("cases", "HistoricalCaseAccess")
    fields = [field.attname for field in access._meta.concrete_fields if field.attname != "due"]
    now = clock.now()
    teams = access.objects.using(using).filter(basis="team", ended_at=None).order_by("pk")
    known = set(
        access.objects.using(using)
        .filter(basis="duty", ended_at=None, agency__isnull=False)
        .values_list("case_id", "agency_id")
    )
    rows = [
        access(
            id=uuid.uuid4(),
            case_id=case_id,
            agency_id=agency_id,
            basis="duty",
            basis_id=agency_id,
            due=due,
            since=now,
        )
        for case_id, agency_id, due in teams.values_list("case_id", "agency_id", "due")
        if (case_id, agency_id) not in known
    ]
    access.objects.using(using).bulk_create(rows, batch_size=ROWS_AT_ONCE)
    history.objects.using(using).bulk_create(
        (
            history(
                history_date=now,
                history_type="+",
                **{attname: getattr(row, attname) for attname in fields},
            )
            for row in rows
        ),
        batch_size=ROWS_AT_ONCE,
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_tracks_of_earlier_cases")]

    operations = [migrations.RunPython(open_duty, migrations.RunPython.noop)]
