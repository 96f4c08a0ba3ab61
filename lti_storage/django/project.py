"""Django's settings, for programs that no project has started: the `lti` commands, or a tool in another framework."""

import os

import django
from django.apps import apps
from django.conf import settings

from lti_core.errors import ConfigurationError

_NAMED_BY = "DJANGO_SETTINGS_MODULE"


def enter() -> None:
    """Load the project that the environment names. Nothing happens within a project's own processes.

    Raises:
        ConfigurationError: `config.storage_url_invalid`, when there is no project.
    """
    if apps.models_ready:
        return
    if not settings.configured and _NAMED_BY not in os.environ:
        message = (
            "django:// and django-cache:// lead to a Django project, and this is none: name the project's settings in"
            f" the variable {_NAMED_BY} of the environment, or choose another storage, as sqlite:////path/to/file.db."
        )
        raise ConfigurationError("config.storage_url_invalid", message)
    django.setup()
