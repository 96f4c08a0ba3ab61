"""Addresses that a command is given."""

import click

from lti_adapters.settings import read_settings
from lti_core.errors import ConfigurationError


def origin_of(url: str, option: str) -> str:
    """Scheme and host of where a tool is.

    Raises:
        click.BadParameter: it is no such address.
    """
    try:
        found = read_settings({"tool": {"url": url}}).tool.url
    except ConfigurationError as error:
        message = 'write where the tool is, without a path, as "https://tool.example".'
        raise click.BadParameter(message, param_hint=option) from error
    assert found is not None
    return found
