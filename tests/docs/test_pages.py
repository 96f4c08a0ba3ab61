"""The pages: what is made from the code is current, and what they name exists."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from docs.make import entries, errors_page, moving_page
from lti_adapters.pages.advice import ADVICE
from lti_adapters.pages.texts import texts_in
from lti_adapters.settings import Settings
from lti_adapters.simulator.platform import SimulatedPlatform
from lti_core.messages import MESSAGE_TYPES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md")))
KINDS = "login|launch|tool|deep_linking|grant|token|http|service|storage|config|platform"
CODE = re.compile(rf"(?:{KINDS})\.[a-z0-9_.]+")
FILES = (".py", ".json")


def tokens(page: Path) -> Iterator[Token]:
    """All parts of a page, also those inside a line."""
    for token in MarkdownIt().enable("table").parse(page.read_text("utf-8")):
        yield token
        yield from token.children or ()


def names(parameter: str) -> Any:
    return pytest.mark.parametrize(parameter, PAGES, ids=lambda page: page.name)


def test_the_page_of_error_codes_is_current() -> None:
    assert (DOCS / "errors.md").read_text("utf-8") == errors_page(), "run: python -m docs.make"


def test_the_tables_of_the_page_about_moving_are_current() -> None:
    assert (DOCS / "moving-from-pylti1p3.md").read_text("utf-8") == moving_page(), "run: python -m docs.make"


def anchor(heading: str) -> str:
    """As the places that show Markdown make it of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@cache
def anchors(page: Path) -> set[str]:
    found = list(tokens(page))
    return {
        anchor("".join(part.content for part in after.children or ()))
        for before, after in pairwise(found)
        if before.type == "heading_open"
    }


@names("page")
def test_links_lead_somewhere(page: Path) -> None:
    links = (str(token.attrs.get("href") or token.attrs.get("src") or "") for token in tokens(page))
    for link in filter(None, links):
        target, _, place = link.partition("#")
        if "://" in target:
            continue
        there = (page.parent / target).resolve() if target else page
        assert there.is_file(), link
        assert not place or place in anchors(there), link


def test_every_page_is_linked_from_the_first_one() -> None:
    links = {str(token.attrs.get("href")) for token in tokens(DOCS / "index.md")}
    assert {page.name for page in DOCS.glob("*.md")} - {"index.md"} <= links


def of_launches(path: str) -> bool:
    """Whether some kind of launch has that attribute."""
    _, *attributes = path.split(".")
    return any(hasattr(kind.read_into, attributes[0]) for kind in MESSAGE_TYPES.values())


@names("page")
def test_codes_and_settings_that_are_named_exist(page: Path) -> None:
    codes = {entry.code for entry in entries()}
    texts = (token.content for token in tokens(page) if token.type == "code_inline")
    for text in (text for text in texts if CODE.fullmatch(text) and not text.endswith(FILES)):
        section, _, setting = text.partition(".")
        is_setting = hasattr(getattr(Settings(), section, None), setting)
        assert text in codes or is_setting or text.endswith(".") or of_launches(text), text


def test_a_sentence_that_varies_is_quoted_on_the_german_page_too() -> None:
    """Where the code alone does not say what was wrong, the German page still does."""
    varying = {entry.code for entry in entries() if "…" in entry.meaning and entry.code in ADVICE}
    assert "launch.claim_malformed" in varying
    for code in varying:
        assert "{message}" in texts_in("de")[f"{code}.administrator"], code


@cache
def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_test_that_proves_the_security_model_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (DOCS / "security.md").read_text("utf-8"))
    assert len(named) > 40
    for path, name in named:
        assert name in functions_in(path), f"{path}::{name}"


def test_each_attack_of_the_security_model_has_a_proof() -> None:
    for line in (DOCS / "security.md").read_text("utf-8").splitlines():
        if line.startswith("| ") and not line.startswith("| attack"):
            assert "::test_" in line, line


def test_the_first_tool_of_the_readme_greets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = SimulatedPlatform()
    document = platform.registration_document(private_key=platform.tool_private_key)
    (tmp_path / "tool.json").write_text(json.dumps(document), "utf-8")
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(example, "README.md", "exec"), names)
    assert platform.launch(names["app"].test_client()).text == "Hello Σοφία Παππά!"
