"""The `lti` command. What its subcommands need is imported when one runs, so that `lti --help` answers at once."""

import atexit
import gc
import sys


def main() -> None:
    """Run the command that the program's arguments name, and exit."""
    try:
        from lti_adapters.cli.commands import lti
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print("The lti command needs more packages: pip install 'lti-advantage-tool[cli]'.", file=sys.stderr)
        sys.exit(2)
    # Or Python looks for garbage in all that was imported before it ends, and that takes a third of its time.
    atexit.register(gc.freeze)
    lti(prog_name="lti")
