"""How every command answers mistakes: with a sentence and an exit status, never with a traceback."""

from typing import Any

import click

from lti_core.errors import AccessRefused, LtiError, ServiceFailed

INTERRUPTED = 130


class Stopped(click.ClickException):
    """The command, the configuration, or what it leads to, cannot work."""

    exit_code = 2


class Commands(click.Group):
    """Answers mistakes with a sentence, and Ctrl-C with silence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (AccessRefused, ServiceFailed) as error:  # a platform's no
            raise click.ClickException(str(error)) from error
        except LtiError as error:
            raise Stopped(str(error)) from error
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
