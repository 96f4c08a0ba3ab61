"""Every public name of the old package is there, with its parameters and defaults. names.json says how it was made."""

import importlib
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

from tests.django.project import configure
from tests.pylti1p3.names_of_the_old import parameters

configure()

OURS = "lti_adapters.pylti1p3"
OLD: dict[str, Any] = json.loads((Path(__file__).parent / "names.json").read_text())
DEFINED = [(module, name) for module, names in OLD.items() for name in names["defined"]]
HANDED_ON = [(module, name) for module, names in OLD.items() for name in names["handed on"] if len(name) > 1]
DIFFERENT = {
    # without an argument it leads where the login's request says, as the old README has it
    ("OIDCLogin", "get_redirect_object"),
    ("FlaskOIDCLogin", "get_redirect_object"),
    ("DjangoOIDCLogin", "get_redirect_object"),
}
LEFT_OUT = {
    ".contrib.django.message_launch Request",
    ".contrib.django.oidc_login Request",
    ".message_validators.abstract LtiException",
    ".message_validators.resource_message LtiException",
    ".message_validators.submission_review LtiException",
    ".tool_config.dict TKeySet",
    ".tool_config.json_file TIssConf",
}  # names of other modules that nobody looks for there


def ours(module: str, name: str) -> Any:
    return getattr(importlib.import_module(OURS + module), name)


@pytest.mark.parametrize("module", OLD)
def test_every_module_can_be_imported(module: str) -> None:
    importlib.import_module(OURS + module)


@pytest.mark.parametrize(("module", "name"), DEFINED)
def test_every_name_takes_what_it_took(module: str, name: str) -> None:
    thing, old = ours(module, name), OLD[module]["defined"][name] or {}
    for member, taken in old.items():
        found = thing if member == "()" else inspect.getattr_static(thing, member)
        found = getattr(thing, member) if isinstance(found, classmethod | staticmethod) else found
        if taken is not None and (name, member) not in DIFFERENT:
            assert shape(parameters(found)) == shape(taken), member


def shape(taken: list[list[str | None]] | None) -> list[list[str | None]]:
    """Parameters by name, kind and default."""
    return [[name, kind, default] for name, kind, default in taken or [] if name != "self"]


@pytest.mark.parametrize(("module", "name"), HANDED_ON)
def test_what_a_module_handed_on_is_there(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(OURS + module), name) == (f"{module} {name}" not in LEFT_OUT)


@pytest.mark.parametrize(
    "name", ["flask_adapter.FlaskRequest", "exception.OIDC_Exception", "contrib.flask.redirect.FlaskRedirect"]
)
def test_names_of_the_old_readme_work(name: str) -> None:
    module, _, last = name.rpartition(".")
    ours(f".{module}", last)
