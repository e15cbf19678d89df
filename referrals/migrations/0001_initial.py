import accounts.actor
import clock
import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
import simple_history.models
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
        ('cases', '0001_initial'),
    ]

    operations = [Together([
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('acknowledged', 'Acknowledged'), ('info_requested', 'Information asked for'), ('info_provided', 'Information given'), ('accepted', 'Accepted'), ('in_service', 'In service'), ('completed', 'Completed'), ('declined', 'Declined'), ('recalled', 'Recalled'), ('expired', 'Expired'), ('handed_back', 'Handed back'), ('discarded', 'Discarded')], default='draft', max_length=50, protected=True)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('together', models.UUIDField(db_index=True, null=True)),
                ('service', models.CharField(choices=[('Education', 'Education'), ('Financial', 'Financial'), ('Health', 'Health'), ('LabourExploitationRehabilitation', 'Rehabilitation after labour exploitation'), ('Legal', 'Legal'), ('Livelihood', 'Livelihood'), ('RightsBasedTraining', 'Learning about one’s rights'), ('SexualExploitationRehabilitation', 'Rehabilitation after sexual exploitation'), ('SocialCare', 'Social care')], max_length=32)),
                ('transfer', models.BooleanField(default=False)),
                ('purpose', models.CharField(blank=True, choices=[('care', 'Care for the child'), ('assess', 'Find out what the child needs'), ('treat', 'Examine and treat'), ('represent', 'Advise or represent'), ('teach', 'Teach or train'), ('family', 'Look for the family and its circumstances'), ('take_over', 'Take the whole case over')], max_length=9)),
                ('needs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('urgency', models.CharField(blank=True, choices=[('high', 'High risk'), ('medium', 'Medium risk'), ('low', 'Low risk')], max_length=6)),
                ('summary', vault.fields.SealedJSON(null=True, scope='case_id')),
                ('request', vault.fields.SealedText(null=True, scope='case_id')),
                ('wanted', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('previewed_at', models.DateTimeField(null=True)),
                ('legal_basis', models.CharField(blank=True, choices=[('consent', 'Consent to share with this recipient'), ('vital', 'To protect life or health, where nobody can be asked in time'), ('duty', 'A law demands it'), ('order', 'A court or guardianship authority ordered it')], max_length=7)),
                ('basis_words', vault.fields.SealedText(null=True, scope='case_id')),
                ('transfer_basis', models.CharField(blank=True, choices=[('adequate', 'The other country protects data adequately'), ('agreement', 'An agreement between the two authorities or countries'), ('vital', 'To protect the child’s life or health'), ('public', 'An important reason of public interest that law recognises')], max_length=9)),
                ('to_authority_of_origin', models.BooleanField(null=True)),
                ('clearance', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField(default=clock.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
                ('left_to_answer', models.PositiveIntegerField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('contact', models.CharField(blank=True, max_length=200)),
                ('alternate', models.CharField(blank=True, max_length=200)),
                ('answered_at', models.DateTimeField(null=True)),
                ('responsible', models.CharField(blank=True, max_length=200)),
                ('starts_on', models.DateField(null=True)),
                ('declined', models.CharField(blank=True, choices=[('capacity', 'No place or no time'), ('eligibility', 'The child is not among those whom we help'), ('conflict', 'Conflict of interest'), ('unsafe', 'It would not be safe here'), ('other', 'Another reason')], max_length=11)),
                ('handed_back', models.CharField(blank=True, choices=[('replaced', 'Somebody else takes over'), ('escalated', 'Nobody is found yet, the sender has to act')], max_length=9)),
                ('completed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('achieved', 'Achieved'), ('partly', 'Partly achieved'), ('not_achieved', 'Not achieved'), ('dropped', 'Given up, no longer wanted')], max_length=12)),
                ('feedback', vault.fields.SealedText(null=True, scope='case_id')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='cases.case')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cosigned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('previous', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='next', to='referrals.referral')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('sender', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['recipient', '-sent_at'], name='referral_inbox'), models.Index(fields=['sender', '-made_at'], name='referral_outbox')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('sent', 'acknowledged', 'info_requested', 'info_provided', 'accepted', 'in_service'))), fields=('case', 'recipient', 'service', 'transfer'), name='referral_one_open_per_recipient_and_service'), models.UniqueConstraint(condition=models.Q(('state__in', ('sent', 'acknowledged', 'info_requested', 'info_provided')), ('transfer', True)), fields=('case',), name='referral_one_open_transfer'), models.CheckConstraint(condition=models.Q(('sender', models.F('recipient')), _negated=True), name='referral_goes_elsewhere'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('sent', 'acknowledged', 'info_requested', 'info_provided', 'accepted', 'in_service')), _negated=True), models.Q(('answer_by__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='referral_open_was_sent')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('about', models.CharField(choices=[('question', 'Question'), ('answer', 'Answer'), ('other', 'Other')], default='other', max_length=8)),
                ('words', vault.fields.SealedText(scope='case_id')),
                ('written_at', models.DateTimeField(default=clock.now)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('mentioned', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='referrals.referral')),
            ],
            options={
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalReferral',
            fields=[
                ('act', models.UUIDField(default=accounts.actor.current_act, editable=False, null=True)),
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('acknowledged', 'Acknowledged'), ('info_requested', 'Information asked for'), ('info_provided', 'Information given'), ('accepted', 'Accepted'), ('in_service', 'In service'), ('completed', 'Completed'), ('declined', 'Declined'), ('recalled', 'Recalled'), ('expired', 'Expired'), ('handed_back', 'Handed back'), ('discarded', 'Discarded')], default='draft', max_length=50, protected=True)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('together', models.UUIDField(db_index=True, null=True)),
                ('service', models.CharField(choices=[('Education', 'Education'), ('Financial', 'Financial'), ('Health', 'Health'), ('LabourExploitationRehabilitation', 'Rehabilitation after labour exploitation'), ('Legal', 'Legal'), ('Livelihood', 'Livelihood'), ('RightsBasedTraining', 'Learning about one’s rights'), ('SexualExploitationRehabilitation', 'Rehabilitation after sexual exploitation'), ('SocialCare', 'Social care')], max_length=32)),
                ('transfer', models.BooleanField(default=False)),
                ('purpose', models.CharField(blank=True, choices=[('care', 'Care for the child'), ('assess', 'Find out what the child needs'), ('treat', 'Examine and treat'), ('represent', 'Advise or represent'), ('teach', 'Teach or train'), ('family', 'Look for the family and its circumstances'), ('take_over', 'Take the whole case over')], max_length=9)),
                ('needs', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('urgency', models.CharField(blank=True, choices=[('high', 'High risk'), ('medium', 'Medium risk'), ('low', 'Low risk')], max_length=6)),
                ('summary', vault.fields.SealedJSON(null=True, scope='case_id')),
                ('request', vault.fields.SealedText(null=True, scope='case_id')),
                ('wanted', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('previewed_at', models.DateTimeField(null=True)),
                ('legal_basis', models.CharField(blank=True, choices=[('consent', 'Consent to share with this recipient'), ('vital', 'To protect life or health, where nobody can be asked in time'), ('duty', 'A law demands it'), ('order', 'A court or guardianship authority ordered it')], max_length=7)),
                ('basis_words', vault.fields.SealedText(null=True, scope='case_id')),
                ('transfer_basis', models.CharField(blank=True, choices=[('adequate', 'The other country protects data adequately'), ('agreement', 'An agreement between the two authorities or countries'), ('vital', 'To protect the child’s life or health'), ('public', 'An important reason of public interest that law recognises')], max_length=9)),
                ('to_authority_of_origin', models.BooleanField(null=True)),
                ('clearance', models.UUIDField(null=True)),
                ('made_at', models.DateTimeField(default=clock.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('answer_by', models.DateTimeField(null=True)),
                ('left_to_answer', models.PositiveIntegerField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('contact', models.CharField(blank=True, max_length=200)),
                ('alternate', models.CharField(blank=True, max_length=200)),
                ('answered_at', models.DateTimeField(null=True)),
                ('responsible', models.CharField(blank=True, max_length=200)),
                ('starts_on', models.DateField(null=True)),
                ('declined', models.CharField(blank=True, choices=[('capacity', 'No place or no time'), ('eligibility', 'The child is not among those whom we help'), ('conflict', 'Conflict of interest'), ('unsafe', 'It would not be safe here'), ('other', 'Another reason')], max_length=11)),
                ('handed_back', models.CharField(blank=True, choices=[('replaced', 'Somebody else takes over'), ('escalated', 'Nobody is found yet, the sender has to act')], max_length=9)),
                ('completed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('achieved', 'Achieved'), ('partly', 'Partly achieved'), ('not_achieved', 'Not achieved'), ('dropped', 'Given up, no longer wanted')], max_length=12)),
                ('feedback', vault.fields.SealedText(null=True, scope='case_id')),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('accepted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='cases.case')),
                ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cosigned_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipient', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.agency')),
                ('sender', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.agency')),
                ('sent_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('previous', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='referrals.referral')),
            ],
            options={
                'verbose_name': 'historical referral',
                'verbose_name_plural': 'historical referrals',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('field', models.CharField(max_length=60)),
                ('section', models.CharField(choices=[('identity', 'Identity'), ('contacts', 'Contacts'), ('shelter', 'Shelter'), ('account', 'What happened'), ('risk', 'Risk'), ('legal', 'Legal protection'), ('medical', 'Medical care'), ('rehabilitation', 'Rehabilitation'), ('return_decision', 'Return: decision'), ('return_journey', 'Return: journey'), ('plan', 'Plan'), ('notes', 'Notes'), ('documents', 'Documents')], max_length=20)),
                ('value', vault.fields.SealedJSON(scope='case_id')),
                ('basis', models.CharField(choices=[('consent', 'Consent to share with this recipient'), ('vital', 'To protect life or health, where nobody can be asked in time'), ('duty', 'A law demands it'), ('order', 'A court or guardianship authority ordered it'), ('leave', 'A supervisor’s leave, without consent or another ground')], max_length=7)),
                ('given_at', models.DateTimeField(default=clock.now)),
                ('opened_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.consent')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='referrals.referral')),
            ],
            options={
                'ordering': ['given_at', 'field'],
                'indexes': [models.Index(fields=['case', 'recipient'], name='disclosure_ledger')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('basis', 'consent'), _negated=True), ('consent__isnull', False), _connector='OR'), name='disclosure_by_consent_names_it')],
            },
        ),
        migrations.CreateModel(
            name='ReferralEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=30)),
                ('side', models.CharField(choices=[('sender', 'Sender'), ('recipient', 'Recipient'), ('clock', 'Clock')], max_length=9)),
                ('at', models.DateTimeField(default=clock.now)),
                ('details', models.JSONField(default=dict)),
                ('key', models.UUIDField(default=uuid.uuid4)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='referrals.referral')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('referral', 'number'), name='referral_event_number_once'), models.UniqueConstraint(fields=('referral', 'key'), name='referral_event_key_once')],
            },
        ),
        migrations.CreateModel(
            name='ServiceNote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('words', vault.fields.SealedText(scope='case_id')),
                ('written_at', models.DateTimeField(default=clock.now)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='service_notes', to='referrals.referral')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('filename', vault.fields.SealedText(scope='case_id')),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField()),
                ('digest', vault.fields.SealedText(scope='case_id')),
                ('place', models.PositiveSmallIntegerField()),
                ('reported_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='referrals.message')),
            ],
            options={
                'ordering': ['place'],
                'constraints': [models.UniqueConstraint(fields=('message', 'place'), name='attachment_place_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_edges', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{accepted:handed_back,accepted:in_service,accepted:recalled,acknowledged:accepted,acknowledged:completed,acknowledged:declined,acknowledged:expired,acknowledged:info_requested,acknowledged:recalled,draft:discarded,draft:sent,in_service:completed,in_service:handed_back,in_service:recalled,info_provided:accepted,info_provided:completed,info_provided:declined,info_provided:expired,info_provided:info_requested,info_provided:recalled,info_requested:declined,info_requested:expired,info_requested:info_provided,info_requested:recalled,sent:acknowledged,sent:declined,sent:expired,sent:info_requested,sent:recalled}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='f4e618e5bd546db81be86c82a59ab512924bb87f', operation='UPDATE', pgid='pgtrigger_referral_edges_309a8', table='referrals_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_first_state', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IS DISTINCT FROM \'draft\')', func="RAISE EXCEPTION USING MESSAGE = 'referral: a row begins in the first state', ERRCODE = 'check_violation';", hash='409b221b0ba7e5742f1fcdf4777fb901b18d7a8b', operation='INSERT', pgid='pgtrigger_referral_first_state_84955', table='referrals_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_never_contact_cleared', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."state", NEW."state") IN ((\'draft\', \'sent\')))', func='IF COALESCE((COALESCE(NEW."to_authority_of_origin", TRUE) AND NEW."clearance" IS NULL), TRUE) THEN RAISE EXCEPTION USING MESSAGE = \'referral: contact_cleared can never be overridden\', ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='81a0002bcfdf18f502fb346e11b64bb59c5abd21', operation='UPDATE', pgid='pgtrigger_referral_never_contact_cleared_5792f', table='referrals_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_never_asks_for_a_service', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."state", NEW."state") IN ((\'acknowledged\', \'accepted\'), (\'info_provided\', \'accepted\')))', func='IF COALESCE((NEW."transfer"), TRUE) THEN RAISE EXCEPTION USING MESSAGE = \'referral: asks_for_a_service can never be overridden\', ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='59a5cee749189dda79f08be05cc9df68d26843f4', operation='UPDATE', pgid='pgtrigger_referral_never_asks_for_a_service_3e658', table='referrals_referral', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='referral',
            trigger=pgtrigger.compiler.Trigger(name='referral_never_asks_for_the_case', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN ((OLD."state", NEW."state") IN ((\'acknowledged\', \'completed\'), (\'info_provided\', \'completed\')))', func='IF COALESCE((NOT NEW."transfer"), TRUE) THEN RAISE EXCEPTION USING MESSAGE = \'referral: asks_for_the_case can never be overridden\', ERRCODE = \'check_violation\'; END IF; RETURN NEW;', hash='ca190021144ed4ae8f3911a2d2c52e6fb0113888', operation='UPDATE', pgid='pgtrigger_referral_never_asks_for_the_case_e78fc', table='referrals_referral', when='BEFORE')),
        ),
    ])]
