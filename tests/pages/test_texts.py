"""The words of the pages: the same ones in each language, and a tool's own in place of them."""

import re
import string
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.pages.advice import ADVICE, KINDS
from lti_adapters.pages.refusal import refused_page
from lti_adapters.pages.texts import LANGUAGES, TEXTS, texts_in, texts_with
from lti_core.errors import ConfigurationError, InvalidValue, LaunchRefused, LtiError, ServiceFailed

GERMAN = texts_in("de")
ENGLISH_WORDS = re.compile(r"\b(the|this|and|platform|your|again|course|must|with|cookie is)\b", re.IGNORECASE)
ADVISED = (".message", ".person", ".administrator")


class Words(HTMLParser):
    """All text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data


def words(error: LtiError, language: str = "de", **own: str) -> str:
    page = refused_page(error, texts=texts_with(own, language), language=language)
    assert f'<html lang="{language}">' in page.html
    return Words(page.html).text


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_two_languages_are_shipped() -> None:
    assert set(LANGUAGES) == {"en", "de"}
    assert texts_in("en") is TEXTS
    assert texts_in("de") is texts_in("de")


def test_each_text_is_there_in_each_language() -> None:
    for texts in map(texts_in, LANGUAGES):
        assert set(texts) == set(TEXTS)
        assert not [key for key in texts if TEXTS[key] and not texts[key].strip()]


def test_placeholders_are_alike_and_stand_in_advice_only() -> None:
    for language in LANGUAGES:
        for key, text in texts_in(language).items():
            assert placeholders(text) <= ({"message"} if key.endswith(ADVISED) else set()), (language, key)
            assert not placeholders(TEXTS[key]) - placeholders(text), (language, key)


def test_no_german_text_was_left_in_english() -> None:
    for key, text in GERMAN.items():
        assert not ENGLISH_WORDS.search(text), key
        assert text != TEXTS[key] or key == "details.code", key


def test_german_addresses_people_formally() -> None:
    for key, text in GERMAN.items():
        assert not re.search(r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[rnms]?)\b", text), key


@pytest.mark.parametrize("code", sorted(ADVICE))
def test_a_german_page_says_in_german_why_a_launch_was_refused(code: str) -> None:
    text = words(LaunchRefused(code, "The sentence of the error."))
    for part in ADVISED:
        assert GERMAN[code + part].replace("{message}", "The sentence of the error.") in text
    assert not GERMAN[f"{code}.message"].count("{message}")


@pytest.mark.parametrize("code", sorted(f"{kind}.of_tomorrow" for kind in KINDS))
def test_a_code_without_german_words_is_told_in_general_with_the_errors_own_sentence(code: str) -> None:
    general = GERMAN[f"{code.partition('.')[0]}.message"].partition(" {message}")[0]
    assert f"{general} The sentence of the error." in words(LtiError(code, "The sentence of the error."))


@pytest.mark.parametrize("tag", ["de", "DE", "de-AT", "de-Latn-CH"])
def test_a_region_has_the_texts_of_its_language(tag: str) -> None:
    assert texts_with({}, tag) == GERMAN


@pytest.mark.parametrize("tag", ["en", "en-GB", "fr", "den", "x-de"])
def test_a_language_that_is_not_shipped_has_the_english_texts(tag: str) -> None:
    assert texts_with({}, tag) == TEXTS


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_a_text_of_ones_own_replaces_the_one_of_any_language(language: str) -> None:
    own = {"heading.launch": "Hélas", "launch.deployment_unknown.person": "À bientôt."}
    text = words(LaunchRefused("launch.deployment_unknown", "x"), language, **own)
    assert "Hélas" in text
    assert "À bientôt." in text
    assert texts_with({}, language)["launch.deployment_unknown.person"] not in text


def test_a_text_of_ones_own_may_quote_the_error() -> None:
    error = LaunchRefused("launch.nonce_used", "Used {message} before.")
    text = words(error, "fr", **{"launch.nonce_used.message": "Refusé : {message} {0} %s"})
    assert "Refusé : Used {message} before. {0} %s" in text


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (InvalidValue("service.ags.label_missing", "x"), "value"),
        (ServiceFailed("service.not_found", "x", status=404), "refused"),
        (ServiceFailed("http.timeout", "x"), "http"),
        (ConfigurationError("config.value_missing", "x"), "config"),
    ],
    ids=lambda value: value.code if isinstance(value, LtiError) else "",
)
def test_what_became_of_a_request_is_told_in_german(error: LtiError, key: str) -> None:
    text = words(error)
    assert GERMAN[f"{key}.person"] in text
    assert GERMAN[f"{key}.administrator"] in text


def test_the_platforms_own_word_is_explained_in_german() -> None:
    error = LaunchRefused("launch.refused_by_platform", "x", found="login_required")
    assert GERMAN["launch.refused_by_platform.login_required"] in words(error)


hostile = st.text() | st.text(alphabet="<>&\"'{}message\x00\ud800")


@given(hostile, hostile)
def test_whatever_an_error_says_is_text_in_german_too(message: str, own: str) -> None:
    texts = texts_with({"launch.claim_malformed.message": own or "x"}, "de")
    html = refused_page(LaunchRefused("launch.claim_malformed", message), texts=texts, language="de").html
    html.encode()
    body = html.partition("<body>")[2]
    usual = {"main", "article", "div", "h1", "p", "details", "summary", "dl", "dt", "dd", "code", "span"}
    assert set(re.findall(r"<(\w+)", body)) <= usual
    assert body.count("<span") == body.count('<span lang="en">')


def test_a_text_that_does_not_exist_is_refused_with_the_nearest_one_in_any_language() -> None:
    for language in LANGUAGES:
        with pytest.raises(ConfigurationError, match=r"launch\.nonce_used\.person") as mistake:
            texts_with({"launch.nonce_used.persons": "x"}, language)
        assert mistake.value.code == "config.text_unknown"
