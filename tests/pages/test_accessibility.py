"""Pages for everybody: language, headings, names of what can be pressed, and colours that can be told apart."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from html.parser import HTMLParser

import pytest
from attrs import field, frozen

from lti_adapters.pages.binding import begin_page, finish_page
from lti_adapters.pages.page import Page, pages_of
from lti_adapters.pages.post import post_page
from lti_adapters.pages.refusal import refused_page
from lti_adapters.pages.texts import LANGUAGES, texts_in
from lti_core.errors import ConfigurationError, LaunchRefused, ServiceFailed
from tests import good

ENOUGH = 4.5  # WCAG 2.2 §1.4.3, for text of any size
STYLE = pages_of("lti_adapters.reference_tool").style
COLOUR = re.compile(r"#[0-9a-f]{6}")
GROUNDS = {
    "--page": ("--ink", "--soft", "--accent"),
    "--card": ("--ink", "--soft", "--accent"),
    "--accent": ("--on-accent",),
    "--tint": ("--accent",),
    "--warn-tint": ("--ink", "--soft", "--warn", "--accent"),
}


def schemes() -> list[dict[str, str]]:
    """The colours by name: of the light scheme, and of the dark one."""
    roots = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    return [dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", root)) for root in roots]


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", schemes(), ids=["light", "dark"])
def test_every_text_stands_out_from_its_ground(scheme: dict[str, str]) -> None:
    for ground, texts in GROUNDS.items():
        for text in texts:
            assert contrast(scheme[text], scheme[ground]) >= ENOUGH, (text, ground)


def test_both_schemes_name_the_same_colours_and_rules_use_no_other() -> None:
    light, dark = schemes()
    assert set(light) == set(dark)
    assert sorted(COLOUR.findall(STYLE)) == sorted([*light.values(), *dark.values()])


def test_every_text_colour_of_the_stylesheet_is_among_the_pairs() -> None:
    used = set(re.findall(r"[ ;{]color: var\((--[\w-]+)\)", STYLE))
    grounds = set(re.findall(r"background: var\((--[\w-]+)\)", STYLE))
    assert used <= {text for texts in GROUNDS.values() for text in texts}
    assert grounds <= set(GROUNDS)


@frozen
class Element:
    """Of a page: its name, attributes, and all text in it; `hidden` where nobody sees it until a script shows it."""

    tag: str
    attributes: Mapping[str, str | None]
    hidden: bool
    texts: list[str] = field(factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts).strip()


class Outline(HTMLParser):
    """The elements of a page, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hidden = "hidden" in dict(attrs) or any(element.hidden for element in self._open)
        self.elements.append(Element(tag, dict(attrs), hidden))
        if tag not in ("meta", "input"):
            self._open.append(self.elements[-1])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.texts.append(data)

    def named(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]


GOING = good.login()
KINDS: dict[str, Callable[..., Page]] = {
    "refused": partial(refused_page, LaunchRefused("launch.browser_mismatch", "Another one.")),
    "refused with a way back": partial(
        refused_page, LaunchRefused("launch.nonce_used", "Used."), return_url="https://lms.example/course"
    ),
    "refused by a platform": partial(refused_page, ServiceFailed("service.forbidden", "No.", status=403)),
    "out of order": partial(refused_page, ConfigurationError("config.value_missing", "Empty.")),
    "on its way": partial(post_page, "https://lms.example/auth", [("state", "s")]),
    "begins": partial(begin_page, GOING, "/lti/login", good.initiation()),
    "ends": partial(finish_page, "/lti/launch", [("state", "s")], GOING.storage),
}


@pytest.fixture(params=[(kind, language) for kind in KINDS for language in LANGUAGES], ids=" in ".join)
def page(request: pytest.FixtureRequest) -> Outline:
    kind, language = request.param
    return Outline(KINDS[kind](texts=texts_in(language), language=language).html)


def test_a_page_names_its_language_its_title_and_its_main_part(page: Outline) -> None:
    (html,), (title,), _ = page.named("html"), page.named("title"), page.named("main")
    assert html.attributes["lang"] in LANGUAGES
    assert title.text in {heading.text for heading in page.named("h1")}
    assert len(page.named("main")) == 1


def test_one_heading_is_seen_and_says_something(page: Outline) -> None:
    (seen,) = [heading for heading in page.named("h1", "h2", "h3", "h4") if not heading.hidden]
    assert (seen.tag, bool(seen.text)) == ("h1", True)


def test_whatever_can_be_pressed_has_a_name(page: Outline) -> None:
    assert all(element.text for element in page.named("a", "button", "summary"))
    assert all(element.attributes["type"] == "hidden" for element in page.named("input"))


def test_the_order_of_the_keyboard_is_that_of_the_page(page: Outline) -> None:
    assert not any("tabindex" in element.attributes or "autofocus" in element.attributes for element in page.elements)


def test_what_has_the_focus_can_be_seen() -> None:
    assert "outline: 3px solid var(--accent)" in STYLE
    assert not re.search(r"outline: *(0|none)", STYLE)


def test_what_an_error_says_itself_is_marked_as_english_on_a_german_page() -> None:
    error = ServiceFailed("service.forbidden", "No <b>.", remedy="Grant it.", status=403)
    german = Outline(refused_page(error, texts=texts_in("de"), language="de").html)
    marked = {element.text for element in german.elements if element.attributes.get("lang") == "en"}
    assert marked == {"No <b>.", "Grant it."}
    english = Outline(refused_page(error).html)
    assert [element.tag for element in english.elements if "lang" in element.attributes] == ["html"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_is_announced_with_what_a_person_can_do(language: str) -> None:
    error = LaunchRefused("launch.nonce_used", "Used.")
    (alert,) = [
        element
        for element in Outline(refused_page(error, texts=texts_in(language), language=language).html).elements
        if element.attributes.get("role") == "alert"
    ]
    assert texts_in(language)["heading.again"] in alert.text
    assert texts_in(language)["launch.nonce_used.person"] in alert.text
