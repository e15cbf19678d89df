import accounts.actor
import accounts.models.agencies
import accounts.models.users
import clock
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django_countries.fields
import simple_history.models
import uuid
import vault.fields
from django.conf import settings
from django.db import migrations, models

from accounts.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [Together([
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('country', django_countries.fields.CountryField(max_length=2)),
                ('kind', models.CharField(choices=[('social_service', 'Social service'), ('shelter', 'Shelter'), ('clinic', 'Clinic'), ('legal_aid', 'Legal aid'), ('guardians_office', "Guardian's office"), ('school', 'School'), ('hotline', 'Hotline'), ('police', 'Police'), ('border', 'Border guard'), ('hospital', 'Hospital'), ('consulate', 'Consulate'), ('escorts', 'Escort service'), ('panel', 'Best-interests panel'), ('focal_point', 'Focal point of a country'), ('data_protection', 'Data-protection office'), ('statistics', 'Statistics office'), ('operator', 'Operator of this installation'), ('outside', 'Outside this installation')], max_length=30)),
                ('time_zone', models.CharField(max_length=60, validators=[accounts.models.agencies.check_time_zone])),
                ('is_active', models.BooleanField(default=True)),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('Education', 'Education'), ('Financial', 'Financial'), ('Health', 'Health'), ('LabourExploitationRehabilitation', 'Rehabilitation after labour exploitation'), ('Legal', 'Legal'), ('Livelihood', 'Livelihood'), ('RightsBasedTraining', 'Learning about one’s rights'), ('SexualExploitationRehabilitation', 'Rehabilitation after sexual exploitation'), ('SocialCare', 'Social care')], max_length=32), blank=True, default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('opening_hours', models.JSONField(blank=True, null=True, validators=[accounts.models.agencies.check_opening_hours])),
                ('open_on_holidays', models.BooleanField(default=False)),
                ('places', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('places_free', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('places_said_on', models.DateField(blank=True, null=True)),
                ('youngest', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('oldest', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('takes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('girls', 'Girls'), ('boys', 'Boys'), ('others', 'Children of another gender')], max_length=6), blank=True, default=list, size=None)),
                ('who_is_taken', models.TextField(blank=True)),
                ('telephone', models.CharField(blank=True, max_length=40)),
                ('duty_phone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('contact', models.CharField(blank=True, max_length=200)),
                ('alternate', models.CharField(blank=True, max_length=200)),
                ('how_to_reach', models.TextField(blank=True)),
                ('said_on', models.DateField(blank=True, null=True)),
                ('desk', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='served', to='accounts.agency')),
            ],
            options={
                'verbose_name': 'agency',
                'verbose_name_plural': 'agencies',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['social_service', 'shelter', 'clinic', 'legal_aid', 'guardians_office', 'school', 'hotline', 'police', 'border', 'hospital', 'consulate', 'escorts', 'panel', 'focal_point', 'data_protection', 'statistics', 'operator', 'outside'])), name='agency_kind_is_known'), models.CheckConstraint(condition=models.Q(('services__contained_by', ['Education', 'Financial', 'Health', 'LabourExploitationRehabilitation', 'Legal', 'Livelihood', 'RightsBasedTraining', 'SexualExploitationRehabilitation', 'SocialCare'])), name='agency_services_are_known'), models.CheckConstraint(condition=models.Q(('takes__contained_by', ['girls', 'boys', 'others'])), name='agency_takes_known_children'), models.CheckConstraint(condition=models.Q(('places_free__isnull', True), ('places__isnull', True), ('places_free__lte', models.F('places')), _connector='OR'), name='agency_free_places_are_places'), models.CheckConstraint(condition=models.Q(('places_free__isnull', True), ('places_said_on__isnull', False), _connector='OR'), name='agency_free_places_have_a_day'), models.CheckConstraint(condition=models.Q(('youngest__isnull', True), ('oldest__isnull', True), ('youngest__lte', models.F('oldest')), _connector='OR'), name='agency_ages_are_in_order')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('username', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('\\A[a-z0-9][a-z0-9._-]{1,39}\\Z', 'Use 2 to 40 small Latin letters, digits, dots and hyphens.')])),
                ('name', models.CharField(max_length=200)),
                ('role', models.CharField(choices=[('case_worker', 'Case worker'), ('supervisor', 'Supervisor'), ('service_provider', 'Service provider'), ('consular_officer', 'Consular officer'), ('escort', 'Escort'), ('panel_member', 'Panel member'), ('intake', 'Intake'), ('focal_point', 'Focal point'), ('data_protection_officer', 'Data-protection officer'), ('analyst', 'Analyst'), ('administrator', 'Administrator')], max_length=30)),
                ('language', models.CharField(choices=accounts.models.users.installed_languages, default='en', max_length=10)),
                ('is_active', models.BooleanField(default=True)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('refused_email', models.EmailField(blank=True, editable=False, max_length=254)),
                ('notification_count', models.PositiveIntegerField(default=0, editable=False)),
                ('looked_upto', models.PositiveIntegerField(default=0, editable=False)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='accounts.agency')),
            ],
            options={
                'verbose_name': 'account',
                'verbose_name_plural': 'accounts',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('role__in', ['case_worker', 'supervisor', 'service_provider', 'consular_officer', 'escort', 'panel_member', 'intake', 'focal_point', 'data_protection_officer', 'analyst', 'administrator'])), name='user_role_is_known'), models.CheckConstraint(condition=models.Q(('username__regex', '\\A[a-z0-9][a-z0-9._-]{1,39}\\Z')), name='user_username_is_plain')],
            },
        ),
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=clock.now, editable=False)),
                ('actor_role', models.CharField(blank=True, max_length=30)),
                ('verb', models.CharField(max_length=80)),
                ('target_label', models.CharField(max_length=100)),
                ('target_id', models.UUIDField(null=True)),
                ('case_id', models.UUIDField(null=True)),
                ('sections', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), default=list, size=None)),
                ('reason', vault.fields.SealedText(null=True, scope='case_id')),
                ('details', models.JSONField(default=dict)),
                ('act', models.UUIDField(editable=False, null=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'verbose_name': 'audit event',
                'verbose_name_plural': 'audit events',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['case_id', 'at'], name='audit_case_at'), models.Index(fields=['target_id', 'at'], name='audit_target_at'), models.Index(fields=['at'], name='audit_at')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAgency',
            fields=[
                ('act', models.UUIDField(default=accounts.actor.current_act, editable=False, null=True)),
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('code', models.SlugField(max_length=40)),
                ('name', models.CharField(max_length=200)),
                ('country', django_countries.fields.CountryField(max_length=2)),
                ('kind', models.CharField(choices=[('social_service', 'Social service'), ('shelter', 'Shelter'), ('clinic', 'Clinic'), ('legal_aid', 'Legal aid'), ('guardians_office', "Guardian's office"), ('school', 'School'), ('hotline', 'Hotline'), ('police', 'Police'), ('border', 'Border guard'), ('hospital', 'Hospital'), ('consulate', 'Consulate'), ('escorts', 'Escort service'), ('panel', 'Best-interests panel'), ('focal_point', 'Focal point of a country'), ('data_protection', 'Data-protection office'), ('statistics', 'Statistics office'), ('operator', 'Operator of this installation'), ('outside', 'Outside this installation')], max_length=30)),
                ('time_zone', models.CharField(max_length=60, validators=[accounts.models.agencies.check_time_zone])),
                ('is_active', models.BooleanField(default=True)),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('Education', 'Education'), ('Financial', 'Financial'), ('Health', 'Health'), ('LabourExploitationRehabilitation', 'Rehabilitation after labour exploitation'), ('Legal', 'Legal'), ('Livelihood', 'Livelihood'), ('RightsBasedTraining', 'Learning about one’s rights'), ('SexualExploitationRehabilitation', 'Rehabilitation after sexual exploitation'), ('SocialCare', 'Social care')], max_length=32), blank=True, default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('opening_hours', models.JSONField(blank=True, null=True, validators=[accounts.models.agencies.check_opening_hours])),
                ('open_on_holidays', models.BooleanField(default=False)),
                ('places', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('places_free', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('places_said_on', models.DateField(blank=True, null=True)),
                ('youngest', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('oldest', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('takes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('girls', 'Girls'), ('boys', 'Boys'), ('others', 'Children of another gender')], max_length=6), blank=True, default=list, size=None)),
                ('who_is_taken', models.TextField(blank=True)),
                ('telephone', models.CharField(blank=True, max_length=40)),
                ('duty_phone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('contact', models.CharField(blank=True, max_length=200)),
                ('alternate', models.CharField(blank=True, max_length=200)),
                ('how_to_reach', models.TextField(blank=True)),
                ('said_on', models.DateField(blank=True, null=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('desk', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical agency',
                'verbose_name_plural': 'historical agencies',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('upto', models.PositiveIntegerField()),
                ('entries', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('due', 'due'), ('sent', 'sent'), ('needless', 'not needed any more'), ('refused', 'refused')], default='due', max_length=10)),
                ('made_at', models.DateTimeField(default=clock.now, editable=False)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(default=clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'e-mail',
                'verbose_name_plural': 'e-mails',
                'indexes': [models.Index(condition=models.Q(('state', 'due')), fields=['next_try_at'], name='mail_to_send')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('due', 'sent'))), fields=('receiver', 'upto'), name='mail_once_per_batch'), models.UniqueConstraint(condition=models.Q(('state', 'due')), fields=('receiver',), name='mail_due_once'), models.CheckConstraint(condition=models.Q(('state__in', ['due', 'sent', 'needless', 'refused'])), name='mail_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'due')), models.Q(models.Q(('state', 'due'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='mail_ends_when_not_due')],
            },
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(max_length=60)),
                ('target_label', models.CharField(max_length=100)),
                ('target_id', models.UUIDField()),
                ('case_id', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(default=clock.now, editable=False)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'notification',
                'verbose_name_plural': 'notifications',
                'ordering': ['-number'],
                'indexes': [models.Index(condition=models.Q(('read_at__isnull', True)), fields=['receiver'], name='notification_unseen')],
                'constraints': [models.UniqueConstraint(fields=('receiver', 'number'), name='notification_number_once')],
            },
        ),
        migrations.CreateModel(
            name='PolicyValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('country', django_countries.fields.CountryField(blank=True, max_length=2, null=True)),
                ('value', models.JSONField()),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policy_values', to='accounts.agency')),
            ],
            options={
                'verbose_name': 'policy value',
                'verbose_name_plural': 'policy values',
                'constraints': [models.UniqueConstraint(condition=models.Q(('agency__isnull', False)), fields=('key', 'agency'), name='policy_once_agency'), models.UniqueConstraint(condition=models.Q(('country__isnull', False)), fields=('key', 'country'), name='policy_once_country'), models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', False), ('country__isnull', True)), models.Q(('agency__isnull', True), ('country__isnull', False)), _connector='OR'), name='policy_of_agency_or_country')],
            },
        ),
        migrations.CreateModel(
            name='SentForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.UUIDField()),
                ('digest', models.CharField(max_length=64)),
                ('led_to', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField(db_index=True, default=clock.now)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sent form',
                'verbose_name_plural': 'sent forms',
                'constraints': [models.UniqueConstraint(fields=('account', 'number'), name='form_sent_once')],
            },
        ),
        migrations.CreateModel(
            name='AgencyCertificate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('certificate', models.TextField()),
                ('chain', models.TextField(blank=True)),
                ('serial', models.CharField(max_length=40)),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('subject', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField()),
                ('key', vault.fields.SealedText(null=True, scope='pk')),
                ('given_at', models.DateTimeField(default=clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='accounts.agency')),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agencycertificate')),
            ],
            options={
                'verbose_name': 'certificate of an agency',
                'verbose_name_plural': 'certificates of agencies',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('agency',), name='certificate_one_in_use'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('replaced_by__isnull', True)), ('ended_at__isnull', False), _connector='OR'), name='certificate_replaced_has_ended'), models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('key__isnull', True), _connector='OR'), name='certificate_ended_has_no_key'), models.CheckConstraint(condition=models.Q(('valid_from__lt', models.F('valid_until'))), name='certificate_days_are_in_order')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalAgencyCertificate',
            fields=[
                ('act', models.UUIDField(default=accounts.actor.current_act, editable=False, null=True)),
                ('id', models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ('certificate', models.TextField()),
                ('chain', models.TextField(blank=True)),
                ('serial', models.CharField(max_length=40)),
                ('fingerprint', models.CharField(db_index=True, max_length=64)),
                ('subject', models.TextField()),
                ('valid_from', models.DateTimeField()),
                ('valid_until', models.DateTimeField()),
                ('given_at', models.DateTimeField(default=clock.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_id', models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.agency')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.agencycertificate')),
            ],
            options={
                'verbose_name': 'historical certificate of an agency',
                'verbose_name_plural': 'historical certificates of agencies',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('ends_at', models.DateTimeField(null=True)),
                ('second_factor_at', models.DateTimeField(null=True)),
                ('proved_at', models.DateTimeField(null=True)),
                ('active_at', models.DateTimeField(null=True)),
                ('locked_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'constraints': [models.CheckConstraint(condition=models.Q(('account__isnull', True), models.Q(('active_at__isnull', False), ('ends_at__isnull', False)), _connector='OR'), name='session_of_account_has_an_end')],
            },
        ),
    ])]
