from django.db import migrations

# The next deadline is known to those who work on the case alone; other grounds held it until now.
FORGET = """
UPDATE cases_caseaccess SET due = NULL
WHERE due IS NOT NULL AND basis NOT IN ('assignment', 'team', 'duty')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_police_reference'),
    ]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
