"""Import a part when it is first asked for, so that what is not used costs nothing and need not be installed."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from lti_core.errors import ConfigurationError


def imported(place: str, extra: str = "") -> Callable[..., Any]:
    """What stands at `place` ("module:name"), as something to call; its module is imported at the first call.

    Args:
        extra: the extra of this distribution that installs what the module needs.

    Raises:
        ConfigurationError: `config.extra_missing`, when it is called and the extra is not installed.
    """
    module, _, name = place.partition(":")

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            made = getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            if not extra or (error.name or "").partition(".")[0].startswith("lti_"):
                raise
            message = f"The package {error.name} is missing: pip install 'lti-advantage-tool[{extra}]'."
            raise ConfigurationError("config.extra_missing", message, found=error.name) from error
        return made(*args, **kwargs)

    return call
