"""The Django app of the models: `INSTALLED_APPS = [..., "lti_storage.django"]`."""

from django.apps import AppConfig


class LtiStorageConfig(AppConfig):
    """Label and keys are those of the `pylti1p3` package's app, so that its tables and migrations are taken over."""

    name = "lti_storage.django"
    label = "lti1p3_tool_config"
    verbose_name = "LTI 1.3"
    default_auto_field = "django.db.models.AutoField"
