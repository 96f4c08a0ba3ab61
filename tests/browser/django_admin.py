"""Django's admin over a database file, with the app that is named: `python -m tests.browser.django_admin APP FILE`.

Brings the database to the newest migrations, and prints as JSON where the admin is, and which migrations were made.
"""

import io
import json
import re
import sys
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

from tests.django.project import SETTINGS, Wsgi

OURS = ("lti_storage.django", "lti_adapters.django")
NAME, PASSWORD = "admin", "only for tests"


def configure(app: str, file: str) -> None:
    """The project of the other tests, with that app in the place of its own."""
    installed = [one for one in SETTINGS["INSTALLED_APPS"] if one not in OURS]
    middleware = [one for one in SETTINGS["MIDDLEWARE"] if not one.startswith("lti_")]
    database = {**SETTINGS["DATABASES"]["default"], "NAME": file}
    changes = {"INSTALLED_APPS": [*installed, app], "MIDDLEWARE": middleware, "DATABASES": {"default": database}}
    settings.configure(**{**SETTINGS, **changes})
    django.setup()


def migrated() -> list[str]:
    """Which migrations of the app the database lacked. Fails when the models need one that there is not."""
    told = io.StringIO()
    call_command("migrate", stdout=told, no_color=True)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    return re.findall(r"Applying (lti1p3_tool_config\.\w+)", told.getvalue())


def main(app: str, file: str) -> None:
    """Serve until the input ends."""
    configure(app, file)
    found: dict[str, Any] = {"migrated": migrated(), "again": migrated()}

    from django.contrib import admin
    from django.contrib.auth.models import User
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.urls import path

    from tests.frameworks.sites import wsgi

    User.objects.create_superuser(NAME, "", PASSWORD)
    application = StaticFilesHandler(Wsgi(path("admin/", admin.site.urls)))
    with wsgi.serving(lambda _: application) as url:
        print(json.dumps({**found, "admin": f"{url}/admin/"}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
