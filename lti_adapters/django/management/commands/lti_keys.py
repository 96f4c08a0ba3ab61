"""`manage.py lti_keys new|show`: make the tool's keys, and show their public parts. A private key is never shown."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from lti_adapters.django.management.configured import configured
from lti_core.keys import new_private_key


class Command(BaseCommand):
    """Keys are kept where `tool.keys` of the setting LTI says, as `django://`."""

    help = "Make the tool's keys (new), and show the key set that platforms fetch (show)."

    requires_system_checks = ()  # keys and registrations are missing at first

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        parser.add_argument("action", choices=["new", "show"])

    def handle(self, *_: Any, action: str, **__: Any) -> None:
        """Do it."""
        with configured() as container:
            if action == "new":
                key = container.tool_keys().add(new_private_key())
                self.stderr.write(f"New key {key.kid}: it signs from now on.")
            self.stdout.write(json.dumps({"keys": list(map(dict, container.keys().public_keys()))}, indent=2))
