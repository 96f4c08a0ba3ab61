"""The configuration page names every setting with its default, and its examples are good."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import fields, has
from click import Command, Group

from lti_adapters.cli.commands import lti
from lti_adapters.settings import Settings, read_settings
from lti_storage.registration_files import read_registrations

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "configuration.md").read_text("utf-8")
NOT_WRITTEN = {"registrations.folder"}  # filled in by whoever reads a file


def written(default: object) -> str:
    """A default as the page writes it."""
    if isinstance(default, timedelta):
        return f"{default.total_seconds():.0f}"
    if isinstance(default, str):
        return f"`{default}`"
    return f"{default:g}" if isinstance(default, int | float) and default < 10**6 else str(default or "none").lower()


def settings() -> Mapping[str, str]:
    """Each setting and its default."""
    found = {}
    for section in fields(Settings):
        assert has(section.type)
        for name in fields(section.type):
            default = getattr(getattr(Settings(), section.name), name.name)
            found[f"{section.name}.{name.name}"] = written(default)
    return {name: default for name, default in found.items() if name not in NOT_WRITTEN}


def test_the_page_names_every_setting_with_its_default_and_no_other() -> None:
    table = PAGE.partition("## All settings")[2].partition("\n## ")[0]
    assert dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| ([^|]+) \|", table, re.MULTILINE)) == settings()


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize("text", blocks(PAGE, "toml"))
def test_a_settings_file_of_the_page_is_read(text: str) -> None:
    read_settings(tomllib.loads(text))


def as_registrations(document: dict[str, Any]) -> object:
    """A settings file's registrations, a registrations file, or a part of a registration."""
    if "registrations" in document:
        return read_settings(document).registrations.document
    return document


@pytest.mark.parametrize("page", ["configuration.md", "quick-start.md"])
def test_registrations_of_the_pages_are_read(page: str) -> None:
    for text in blocks((DOCS / page).read_text("utf-8"), "json"):
        document = as_registrations(json.loads(text))
        assert isinstance(document, dict)
        if document != {"deployments": "any"}:
            assert read_registrations(document)


def commands(command: Command, name: str) -> Iterator[str]:
    """The names of a command, or of all below it."""
    if isinstance(command, Group):
        for below, inner in command.commands.items():
            yield from commands(inner, f"{name} {below}")
    else:
        yield name


def test_the_page_names_every_command_and_no_other() -> None:
    table = PAGE.partition("## The `lti` command")[2]
    assert re.findall(r"^\| `(lti [a-z ]+)` \|", table, re.MULTILINE) == list(commands(lti, "lti"))
