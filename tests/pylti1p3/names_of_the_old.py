"""Writes names.json: the public names, signatures and defaults of the old package.

Run by the Python of an environment that has PyLTI1p3 2.0.0, Flask and Django:
`python tests/pylti1p3/names_of_the_old.py > tests/pylti1p3/names.json`.
"""

import importlib
import inspect
import json
import pkgutil
import sys
from typing import Any

PACKAGE = "pylti1p3"
OF_DJANGO = ("LtiTool", "LtiToolKey", "LtiToolAdmin", "LtiToolKeyAdmin", "PyLTI1p3ToolConfig")


def parameters(function: Any) -> list[list[str | None]] | None:
    """Name, kind, and the default (as text) of each parameter; None where Python does not know."""
    try:
        found = inspect.signature(function).parameters.values()
    except (ValueError, TypeError):
        return None
    return [[one.name, one.kind.name.lower(), None if one.default is one.empty else repr(one.default)] for one in found]


def described(name: str, thing: Any) -> Any:
    """A class by its methods, a function by its parameters; null for anything else."""
    if not inspect.isclass(thing):
        return {"()": parameters(thing)} if inspect.isroutine(thing) else None
    if issubclass(thing, dict) or name in OF_DJANGO:
        return None
    members: dict[str, Any] = {"()": parameters(thing)}
    for member_name, member in inspect.getmembers(thing):
        if not member_name.startswith("_") and inspect.isroutine(member) and not issubclass(thing, Exception):
            members[member_name] = parameters(member)
        elif not member_name.startswith("_") and isinstance(member, property | str):
            members[member_name] = None
    return members


def names_of(package: str) -> dict[str, Any]:
    """What every module of `package` defines; and the names of what it hands on of other modules."""
    found: dict[str, Any] = {}
    top = importlib.import_module(package)
    for module_name in [package, *(one.name for one in pkgutil.walk_packages(top.__path__, f"{package}."))]:
        if ".migrations" in module_name:
            continue
        module = importlib.import_module(module_name)
        public = {name: thing for name, thing in vars(module).items() if not name.startswith("_")}
        own = {
            name: thing for name, thing in public.items() if getattr(thing, "__module__", module_name) == module_name
        }
        found[module_name.removeprefix(package)] = {
            "defined": {
                name: described(name, thing)
                for name, thing in sorted(own.items())
                if not inspect.ismodule(thing) and type(thing).__name__ != "TypeVar"
            },
            "handed on": sorted(
                name
                for name, thing in public.items()
                if name not in own and str(getattr(thing, "__module__", "")).startswith(package)
            ),
        }
    return found


def main() -> None:
    import django
    from django.conf import settings

    apps = ["contenttypes", "auth", "sessions", "messages", "admin"]
    installed = [*(f"django.contrib.{app}" for app in apps), f"{PACKAGE}.contrib.django.lti1p3_tool_config"]
    settings.configure(INSTALLED_APPS=installed, TEMPLATES=[])
    django.setup()
    json.dump(names_of(PACKAGE), sys.stdout, indent=1, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
