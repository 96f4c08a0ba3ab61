"""The kept grant that a command is for, and what it opens at the platform."""

from collections.abc import Sequence
from pathlib import Path

import click

from lti_adapters.cli.keys import container_of
from lti_adapters.services.class_list import ClassList
from lti_adapters.services.client import ServiceClient
from lti_adapters.services.grades import Grades
from lti_core.services.grant import ServiceGrant

SHORT = 12  # digits of a key that are shown
_SHOWN = 20


def class_list_of(config: Path, beginning: str) -> ClassList:
    """The class list of the grant whose key begins so; without a beginning, of the only one.

    Raises:
        ConfigurationError, StorageFailed: the configuration cannot work, or the grants cannot be read.
        click.UsageError: none or several fit.
        AccessRefused: `grant.expired`.
    """
    return ClassList(*_opened(config, beginning))


def grades_of(config: Path, beginning: str) -> Grades:
    """The gradebook of such a grant; raises as `class_list_of`."""
    return Grades(*_opened(config, beginning))


def _opened(config: Path, beginning: str) -> tuple[ServiceClient, ServiceGrant]:
    container = container_of(config)
    grant = chosen(container.grants().all(), beginning)
    grant.refuse_expired(container.clock().now())
    return container.service_client(), grant


def chosen(grants: Sequence[ServiceGrant], beginning: str) -> ServiceGrant:
    """The one whose key begins so; without a beginning, the only one.

    Raises:
        click.UsageError: none or several fit.
    """
    if not grants:
        message = "No grant is kept. Set tool.grants, and have a launch keep one: lti.keep_grant(launch)."
        raise click.UsageError(message)
    fitting = [grant for grant in grants if grant.key.startswith(beginning.lower())]
    if len(fitting) == 1:
        return fitting[0]
    several = "Several grants are kept" if not beginning else f"The key of several grants begins with {beginning}"
    wrong = several if fitting else f"No grant's key begins with {beginning}"
    told = fitting or grants
    lines = [f"  {grant.key[:SHORT]}  {grant.context_title or grant.context_id or ''!r}" for grant in told[:_SHOWN]]
    more = [f"  and {len(told) - _SHOWN} more: lti grants list"] if len(told) > _SHOWN else []
    raise click.UsageError("\n".join([f"{wrong}. Name one by the beginning of its key:", *lines, *more]))
