"""The tables as `pylti1p3` 2.0.0 makes them. Where they are there, this migration counts as applied."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="LtiToolKey",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=255, unique=True)),
                ("private_key", models.TextField()),
                ("public_key", models.TextField(blank=True, null=True)),
                ("public_jwk", models.TextField(blank=True, null=True)),
            ],
            options={
                "db_table": "lti1p3_tool_key",
                "verbose_name": "lti 1.3 tool key",
                "verbose_name_plural": "lti 1.3 tool keys",
            },
        ),
        migrations.CreateModel(
            name="LtiTool",
            fields=[
                ("id", models.AutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=255)),
                ("is_active", models.BooleanField(default=True)),
                ("issuer", models.CharField(max_length=255)),
                ("client_id", models.CharField(max_length=255)),
                ("use_by_default", models.BooleanField(default=False)),
                ("auth_login_url", models.CharField(max_length=1024)),
                ("auth_token_url", models.CharField(max_length=1024)),
                ("auth_audience", models.CharField(blank=True, max_length=1024, null=True)),
                ("key_set_url", models.CharField(blank=True, max_length=1024, null=True)),
                ("key_set", models.TextField(blank=True, null=True)),
                ("deployment_ids", models.TextField()),
                (
                    "tool_key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lti_tools",
                        to="lti1p3_tool_config.ltitoolkey",
                    ),
                ),
            ],
            options={
                "db_table": "lti1p3_tool",
                "verbose_name": "lti 1.3 tool",
                "verbose_name_plural": "lti 1.3 tools",
                "unique_together": {("issuer", "client_id")},
            },
        ),
    ]
