"""A tool in each framework, served over HTTP. A further framework is one module more, and one line in SITES."""

from collections.abc import Callable, Mapping
from typing import Any

from lti_adapters.reference_tool import django_app, flask_app, starlette_app
from tests.frameworks.sites.bottle_site import BottleSite
from tests.frameworks.sites.django_site import DjangoSite
from tests.frameworks.sites.flask_site import FlaskSite
from tests.frameworks.sites.site import Answered, Body, Request, Site, Wanted
from tests.frameworks.sites.starlette_site import FastAPISite, StarletteSite

SITES: Mapping[str, Site] = {
    "bottle": BottleSite(),
    "django": DjangoSite(),
    "fastapi": FastAPISite(),
    "flask": FlaskSite(),
    "starlette": StarletteSite(),
}

REFERENCE_TOOLS: Mapping[str, Callable[..., Any]] = {
    "django": django_app.create_app,
    "flask": flask_app.create_app,
    "starlette": starlette_app.create_app,
}

__all__ = ["REFERENCE_TOOLS", "SITES", "Answered", "Body", "Request", "Site", "Wanted"]
