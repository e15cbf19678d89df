import clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='DataKey',
            fields=[
                ('scope', models.UUIDField(primary_key=True, serialize=False)),
                ('kek_id', models.CharField(max_length=40)),
                ('wrapped', models.BinaryField()),
                ('created_at', models.DateTimeField(default=clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='ErasedKey',
            fields=[
                ('scope', models.UUIDField(primary_key=True, serialize=False)),
                ('erased_at', models.DateTimeField(default=clock.now)),
            ],
        ),
        migrations.CreateModel(
            name='KnownHead',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('told_at', models.DateTimeField(default=clock.now)),
            ],
        ),
    ]
