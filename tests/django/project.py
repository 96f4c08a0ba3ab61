"""A Django project for tests. Django's settings are one for a process, so that all its tests share these."""

import atexit
import shutil
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler

# Kept to the end of the process: fixtures of several folders of tests use it.
FOLDER = Path(tempfile.mkdtemp(prefix="lti-django-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

SETTINGS: dict[str, Any] = {
    "SECRET_KEY": "only for tests",
    "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "tool.example"],
    "ROOT_URLCONF": "tests.django.urls",
    "USE_TZ": True,
    "STATIC_URL": "static/",
    "INSTALLED_APPS": [
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.admin",
        "django.contrib.staticfiles",
        "lti_storage.django",
        "lti_adapters.django",
    ],
    "MIDDLEWARE": [
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "lti_adapters.django.middleware.LtiMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "default.sqlite3")}},
    "CACHES": {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "forgetful": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
        "files": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "/nowhere"},
    },
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],  # the default ones are slow on purpose
    "LOGGING_CONFIG": None,
}


def configure() -> None:
    """Once in a process, before anything of Django that needs settings."""
    if not settings.configured:
        settings.configure(**SETTINGS)
        django.setup()


def urlconf_of(urlpatterns: Any) -> ModuleType:
    """What Django takes for a module with those addresses."""
    urlconf = ModuleType("urlconf")
    vars(urlconf)["urlpatterns"] = list(urlpatterns)
    return urlconf


class Wsgi(WSGIHandler):
    """The project with addresses of its own, as a WSGI application."""

    def __init__(self, *urlpatterns: Any) -> None:
        super().__init__()
        self._urlconf = urlconf_of(urlpatterns)
        self.urlpatterns = vars(self._urlconf)["urlpatterns"]

    def get_response(self, request: Any) -> Any:
        request.urlconf = self._urlconf
        return super().get_response(request)


class Asgi(ASGIHandler):
    """The same as an ASGI application."""

    def __init__(self, *urlpatterns: Any) -> None:
        super().__init__()
        self._urlconf = urlconf_of(urlpatterns)

    async def get_response_async(self, request: Any) -> Any:
        request.urlconf = self._urlconf
        return await super().get_response_async(request)
