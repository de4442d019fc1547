"""The table of the shared cache. Django's cache has no model, so there is no state to keep."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("her2site", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.CreateModel(
                    name="SharedCache",
                    fields=[
                        (
                            "cache_key",
                            models.CharField(max_length=255, primary_key=True),
                        ),
                        ("value", models.TextField()),
                        ("expires", models.DateTimeField(db_index=True)),
                    ],
                    options={"db_table": "her2site_cache"},
                ),
            ],
        ),
    ]
