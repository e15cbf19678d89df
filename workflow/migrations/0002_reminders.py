from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='deadline',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
    ]
