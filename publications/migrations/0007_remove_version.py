from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publications", "0006_languages")]

    operations = [migrations.RemoveField(model_name="pressrelease", name="version")]
