"""What every framework's adapter promises, by Django under ASGI. How much of a body is read there Django decides."""

import pytest

from tests.frameworks.conftest import browser, platform, serve
from tests.frameworks.sites.django_site import DjangoAsgiSite
from tests.frameworks.test_contract import *  # noqa: F403 the same tests, with the fixture below

__all__ = ["browser", "platform", "serve", "site"]


@pytest.fixture
def site() -> DjangoAsgiSite:
    return DjangoAsgiSite()
