"""The tool that commands are about: the one of Django's setting `LTI`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import CommandError

from lti_adapters.container import container_of
from lti_core.errors import LtiError


@contextmanager
def configured() -> Iterator[Any]:
    """Its container. What is refused becomes a sentence for who runs the command."""
    try:
        yield container_of(getattr(settings, "LTI", None))
    except LtiError as error:
        raise CommandError(str(error)) from error
