"""`manage.py lti_registrations list|add|edit|remove`: the agreements with platforms."""

from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from attrs import evolve
from django.core.management import BaseCommand, CommandError

from lti_adapters.django.management.configured import configured
from lti_core.registration import Registration

_TEXTS = {
    "--login-url": "where authentication requests go",
    "--token-url": "where access tokens come from",
    "--audience": "for token requests, only where the platform asks for one",
    "--key-set-url": "where the platform publishes its keys",
}


class Command(BaseCommand):
    """They are kept where `registrations.url` of the setting LTI says, as `django://`."""

    help = "List the platforms that this tool is registered at; add, edit and remove registrations."

    requires_system_checks = ()  # keys and registrations are missing at first

    def add_arguments(self, parser: ArgumentParser) -> None:
        """An action, the two names of a registration, and what it says."""
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="all registrations")
        for action in ("add", "edit", "remove"):
            named = actions.add_parser(action)
            named.add_argument("issuer", help="letter for letter as the platform writes it")
            named.add_argument("client_id", help="what the platform calls this tool")
            if action != "remove":
                _add_values(named)

    def handle(self, *_: Any, action: str, **options: Any) -> None:
        """Do it."""
        with configured() as container:
            registrations = container.listed_registrations()
            if action == "list":
                self._list(registrations.all())
                return
            if not hasattr(registrations, "add"):
                message = "These registrations stand in a file: edit that, or set registrations.url to django://."
                raise CommandError(message)
            names = options["issuer"], options["client_id"]
            if action == "remove":
                registrations.remove(*names)
            elif action == "add":
                registrations.add(_new(*names, options))
            else:
                registrations.replace(_edited(registrations.find(*names), options))

    def _list(self, registrations: tuple[Registration, ...]) -> None:
        for one in registrations:
            deployments = "any" if one.deployments == "any" else ", ".join(sorted(one.deployment_ids)) or "none"
            default = "   default" if one.default else ""
            self.stdout.write(f"{one.issuer}   client id {one.client_id}   deployments {deployments}{default}")


def _add_values(parser: ArgumentParser) -> None:
    for option, words in _TEXTS.items():
        parser.add_argument(option, help=words)
    parser.add_argument("--deployment-id", action="append", dest="deployment_ids", help="may come several times")
    parser.add_argument("--any-deployment", action=BooleanOptionalAction, help="accept and record new ones")
    parser.add_argument("--default", action=BooleanOptionalAction, help="for logins that name the issuer only")


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """What was said; the rest stays as it is."""
    names = ("login_url", "token_url", "audience", "key_set_url", "deployment_ids", "default")
    given = {name: options[name] for name in names if options[name] is not None}
    if options["any_deployment"] is not None:
        given["deployments"] = "any" if options["any_deployment"] else "closed"
    return given


def _new(issuer: str, client_id: str, options: dict[str, Any]) -> Registration:
    values = {"issuer": issuer, "client_id": client_id, "login_url": None}
    return Registration(**{**values, **_given(options)})


def _edited(found: Registration | None, options: dict[str, Any]) -> Registration:
    if found is None:
        raise CommandError("There is no such registration: lti_registrations list shows all.")
    return evolve(found, **_given(options))
