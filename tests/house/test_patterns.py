"""Every pattern that reads text of strangers reads a long one to its end: none goes back and forth in it.

Nothing is timed. A pattern whose work grows with the square of the length would not end before pytest gives up on it.
"""

import ast
import re
from collections import deque
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
PACKAGES = ("lti_core", "lti_storage", "lti_adapters")
LENGTH = 400_000

# What the tool's own administrator or programmer wrote, and no stranger.
OF_OURS = {"lti_adapters.cli.check.located", "lti_adapters.setting_values"}


@frozen
class Use:
    """One use of a compiled pattern: what is asked of it, as the module does."""

    module: str
    name: str
    method: str

    @property
    def pattern(self) -> re.Pattern[Any]:
        """The pattern itself."""
        found: re.Pattern[Any] = getattr(import_module(self.module), self.name)
        return found


def uses_in(module: str, tree: ast.Module) -> Iterator[Use]:
    names = {target.id for target in compiled_in(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield Use(module, node.value.id, node.attr)


def compiled_in(tree: ast.Module) -> Iterator[ast.Name]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("re.compile("):
            yield from (target for target in node.targets if isinstance(target, ast.Name))


def trees() -> Iterator[tuple[str, ast.Module]]:
    """The modules in which `re` is used. To parse all would take a second of each test process."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            place, text = path.relative_to(ROOT).with_suffix(""), path.read_text("utf-8")
            if re.search(r"\bre\b", text):
                yield ".".join(place.parts).removesuffix(".__init__"), ast.parse(text)


TREES = tuple(trees())
USES = sorted({use for module, tree in TREES if module not in OF_OURS for use in uses_in(module, tree)}, key=str)
ASKED: dict[str, Callable[[re.Pattern[Any], Any], object]] = {
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "match": lambda pattern, text: pattern.match(text),
    "search": lambda pattern, text: pattern.search(text),
    "finditer": lambda pattern, text: deque(pattern.finditer(text), maxlen=0),
    "findall": lambda pattern, text: pattern.findall(text),
    "split": lambda pattern, text: pattern.split(text),
    "sub": lambda pattern, text: pattern.sub(text[:0], text),
    "subn": lambda pattern, text: pattern.subn(text[:0], text),
}


def words_of(pattern: re.Pattern[Any]) -> list[str]:
    """What a text for this pattern may be made of: its own letters and words, and some others."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode()
    return sorted({*source, *re.findall(r"[A-Za-z<>:/;=\"-]{2,}", source), *'aZ09 \t\n"\\<>;,=:/-_.[]{}'} - {""})


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.module}.{use.name}.{use.method}")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_pattern_reads_a_long_text_to_its_end(use: Use, data: st.DataObject) -> None:
    pattern = use.pattern
    pieces = st.lists(st.sampled_from(words_of(pattern)), max_size=2).map("".join)
    before, again, after = data.draw(pieces), data.draw(pieces.filter(bool)), data.draw(pieces)
    text = before + again * (LENGTH // len(again)) + after
    ASKED[use.method](pattern, text if isinstance(pattern.pattern, str) else text.encode())


def test_the_patterns_are_found() -> None:
    found = {use.name for use in USES if use.module.startswith("lti_core.services")}
    assert {"_LINK", "_PARAMETER"} <= found
    assert ("lti_core.login", "_OURS", "fullmatch") in {(use.module, use.name, use.method) for use in USES}


def test_every_pattern_of_text_is_compiled_under_a_name_and_used_by_it() -> None:
    """What stands elsewhere would not be found here: patterns that are put together, or given to `re` directly."""
    elsewhere = {
        module
        for module, tree in TREES
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and not any(node is statement.value for statement in tree.body if isinstance(statement, ast.Assign))
    }
    assert elsewhere == {
        "lti_adapters.http.address",  # re.split at one of two letters
        "lti_adapters.simulator.services.addresses",  # templates of the simulated platform
        "lti_storage.registration_files",  # names of our own in a message of our own
    }
