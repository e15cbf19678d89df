import clock
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [Together([
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('case_id', models.UUIDField()),
                ('kind', models.CharField(max_length=60)),
                ('params', models.JSONField(default=dict)),
                ('starts_at', models.DateTimeField(default=clock.now)),
                ('due_at', models.DateTimeField()),
                ('met_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('overdue_at', models.DateTimeField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'verbose_name': 'deadline',
                'verbose_name_plural': 'deadlines',
                'indexes': [models.Index(fields=['case_id', 'due_at'], name='deadline_case'), models.Index(condition=models.Q(('cancelled_at__isnull', True), ('met_at__isnull', True), ('overdue_at', None)), fields=['due_at'], name='deadline_to_fire'), models.Index(condition=models.Q(('cancelled_at__isnull', True), ('met_at__isnull', True), ('escalated_at', None), ('overdue_at__isnull', False)), fields=['agency', 'overdue_at'], name='deadline_to_escalate')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True), ('met_at__isnull', True)), fields=('case_id', 'kind', 'params'), name='deadline_open_once'), models.CheckConstraint(condition=models.Q(('met_at__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='deadline_ends_one_way'), models.CheckConstraint(condition=models.Q(('escalated_at__isnull', True), ('overdue_at__lte', models.F('escalated_at')), _connector='OR'), name='deadline_overdue_first')],
            },
        ),
        migrations.CreateModel(
            name='GuardOverride',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('case_id', models.UUIDField(db_index=True)),
                ('subject_label', models.CharField(max_length=100)),
                ('subject_id', models.UUIDField()),
                ('edge', models.CharField(max_length=60)),
                ('guard', models.CharField(max_length=60)),
                ('reason', vault.fields.SealedText(scope='case_id')),
                ('made_at', models.DateTimeField(default=clock.now)),
                ('used_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'guard set aside',
                'verbose_name_plural': 'guards set aside',
                'indexes': [models.Index(condition=models.Q(('used_at', None)), fields=['subject_id', 'edge'], name='guardoverride_waiting')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guardoverride',
            trigger=pgtrigger.compiler.Trigger(name='override_stays_as_made', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.used_at IS NOT NULL OR (OLD.id, OLD.case_id, OLD.subject_label, OLD.subject_id, OLD.edge, OLD.guard, OLD.reason_sealed, OLD.made_by_id, OLD.made_at) IS DISTINCT FROM (NEW.id, NEW.case_id, NEW.subject_label, NEW.subject_id, NEW.edge, NEW.guard, NEW.reason_sealed, NEW.made_by_id, NEW.made_at))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e160eb859f873f0b5a504420cffc4639f868d02b', operation='UPDATE', pgid='pgtrigger_override_stays_as_made_fe803', table='workflow_guardoverride', when='BEFORE')),
        ),
    ])]
