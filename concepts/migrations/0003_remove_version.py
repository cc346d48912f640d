from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("concepts", "0002_author_person")]

    operations = [migrations.RemoveField(model_name="concept", name="version")]
