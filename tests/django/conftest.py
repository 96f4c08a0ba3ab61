"""Django, and a database for those tests that need one."""

from collections.abc import Iterator

import pytest

from tests.django.project import configure

configure()

from django.core.management import call_command  # noqa: E402 settings come first
from django.db import connections  # noqa: E402


@pytest.fixture(scope="session")
def _migrated() -> Iterator[None]:
    call_command("migrate", verbosity=0, skip_checks=True)
    yield
    connections.close_all()


@pytest.fixture
def database(_migrated: None) -> Iterator[None]:
    """The project's database, empty."""
    yield
    call_command("flush", verbosity=0, interactive=False, skip_checks=True)
