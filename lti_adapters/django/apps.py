"""The Django app: system checks, management commands, template tags. Its tables are those of `lti_storage.django`."""

from django.apps import AppConfig
from django.core.checks import register


class LtiConfig(AppConfig):
    """`INSTALLED_APPS = [..., "lti_adapters.django"]`."""

    name = "lti_adapters.django"
    label = "lti"
    verbose_name = "LTI"

    def ready(self) -> None:
        """`manage.py check` explains what cannot work."""
        from lti_adapters.django import checks

        for check in (checks.settings_can_work, checks.forms_can_be_read, checks.framed_pages_can_work):
            register(check, "lti")
        register(checks.storage_is_shared, "lti", deploy=True)
