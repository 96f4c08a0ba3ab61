"""Refusals: what a person sees, what a program reads, and that no text of a stranger becomes anything else."""

import ast
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.pages.advice import ADVICE, PLATFORM_ERRORS
from lti_adapters.pages.refusal import error_document, headers_of, refused_page, shown, status_of
from lti_adapters.pages.texts import TEXTS
from lti_core.errors import (
    AccessRefused,
    ConfigurationError,
    InvalidValue,
    LaunchRefused,
    LoginRefused,
    LtiError,
    ServiceFailed,
    StorageFailed,
)

PACKAGES = ("lti_core", "lti_storage", "lti_adapters")
ROOT = Path(__file__).parents[2]
UNKNOWN_DEPLOYMENT = LaunchRefused(
    "launch.deployment_unknown", "This tool does not know the deployment.", "LTI 1.3 §5.3.3", "an agreed one", "d-9"
)


class Read(HTMLParser):
    """The texts, links and elements of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.links, self.elements = "", [], []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "action")]


def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    text = Read(refused_page(UNKNOWN_DEPLOYMENT).html).text
    assert "This launch could not be accepted" in text
    for shown_text in ("This tool does not know the deployment.", "an agreed one", "d-9"):
        assert shown_text in text
    for shown_text in ("launch.deployment_unknown", "LTI 1.3 §5.3.3", ADVICE["launch.deployment_unknown"].person):
        assert shown_text in text
    assert ADVICE["launch.deployment_unknown"].administrator in text


@pytest.mark.parametrize("code", ["launch.nonce_used", "launch.token_expired", "launch.state_expired"])
def test_a_reload_is_told_to_open_the_activity_again(code: str) -> None:
    page = Read(refused_page(LaunchRefused(code, "x"), return_url="https://lms.example/c?a=1&b=2").html)
    assert "Open the activity again from your course." in page.text
    assert page.links == ["https://lms.example/c?a=1&b=2"]


def test_the_way_back_comes_from_the_error_itself() -> None:
    refusal = LaunchRefused("launch.nonce_used", "Used.", return_url="https://lms.example/back")
    assert Read(refused_page(refusal).html).links == ["https://lms.example/back"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//lms.example", "/back", "https://", "data:text/html,x", "", 1]
)
def test_what_is_no_web_address_becomes_no_link(url: str) -> None:
    assert Read(refused_page(UNKNOWN_DEPLOYMENT, return_url=url).html).links == []


def test_a_browser_that_kept_its_cookie_is_explained_cookies() -> None:
    text = Read(refused_page(LaunchRefused("launch.browser_mismatch", "x")).html).text
    assert "cookie" in text
    assert "Open the activity again from your course" in text


@pytest.mark.parametrize("word", sorted(PLATFORM_ERRORS))
def test_the_platforms_own_word_is_explained(word: str) -> None:
    refusal = LaunchRefused("launch.refused_by_platform", "The platform refused the login.", found=word)
    text = Read(refused_page(refusal).html).text
    assert PLATFORM_ERRORS[word] in text
    assert word in text


def test_another_word_of_a_platform_is_shown_with_general_advice() -> None:
    refusal = LaunchRefused("launch.refused_by_platform", "The platform refused the login.", found="odd<b>")
    text = Read(refused_page(refusal).html).text
    assert "odd<b>" in text
    assert ADVICE["launch.refused_by_platform"].person in text


def test_a_program_reads_three_things() -> None:
    assert error_document(UNKNOWN_DEPLOYMENT) == {
        "error": {
            "code": "launch.deployment_unknown",
            "message": "This tool does not know the deployment.",
            "spec": "LTI 1.3 §5.3.3",
        }
    }


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UNKNOWN_DEPLOYMENT, 400),
        (LoginRefused("login.issuer_unknown", "x"), 400),
        (LaunchRefused("launch.key_set_unavailable", "x"), 400),
        (AccessRefused("tool.role_required", "x"), 403),
        (LaunchRefused("launch.method_not_allowed", "x"), 405),
        (InvalidValue("tool.not_found", "x"), 404),
        (InvalidValue("tool.method_not_allowed", "x", "", "GET"), 405),
        (LaunchRefused("launch.too_large", "x"), 413),
        (LoginRefused("login.too_large", "x"), 413),
        (ServiceFailed("http.timeout", "x"), 502),
        (StorageFailed("storage.unavailable", "x"), 503),
        (ConfigurationError("config.state_secret_missing", "x"), 503),
    ],
)
def test_each_kind_of_refusal_has_its_status(error: LtiError, status: int) -> None:
    assert status_of(error) == status
    assert refused_page(error).status == status


def test_a_wrong_method_is_told_the_right_one() -> None:
    assert headers_of(LaunchRefused("launch.method_not_allowed", "x"))["Allow"] == "POST"
    assert refused_page(LaunchRefused("launch.method_not_allowed", "x")).headers["Allow"] == "POST"
    assert headers_of(InvalidValue("tool.method_not_allowed", "x", "", "GET, POST"))["Allow"] == "GET, POST"
    assert "Allow" not in headers_of(UNKNOWN_DEPLOYMENT)


def test_what_a_tool_found_wrong_with_itself_is_not_shown_to_visitors() -> None:
    error = ConfigurationError(
        "config.signing_key_missing", "There is no key.", expected="a file", found="/srv/key.pem"
    )
    assert "/srv/key.pem" not in refused_page(error).html
    assert "There is no key." in refused_page(error).html


hostile = st.text() | st.text(alphabet="<>&\"'/\\\x00\ud800{}%scriptonload=").map(str)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile,
    lambda inner: st.lists(inner) | st.dictionaries(hostile, inner),
    max_leaves=10,
)


@given(anything, anything, hostile, hostile)
def test_whatever_was_found_is_text_and_nothing_else(expected: object, found: object, message: str, url: str) -> None:
    error = LaunchRefused("launch.claim_malformed", message, "x", expected, found)
    page = refused_page(error, return_url=url)
    page.html.encode()
    usual = {"html", "head", "meta", "title", "style", "body", "main", "article", "h1", "p", "details", "summary"}
    assert set(Read(page.html).elements) <= usual | {"div", "dl", "dt", "dd", "code", "bdi", "a"}
    assert len(shown(found)) <= 200
    json.dumps(error_document(error))


def test_a_number_too_long_to_write_is_not_written() -> None:
    assert shown(10**5000) == "int"
    assert shown({"a": 10**400}).endswith("…")


def codes_in(folder: str) -> set[str]:
    """Every text in the code that is an error code of a login or a launch."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found |= {word.value for word in node.args[:1] if isinstance(word, ast.Constant)}
    return {
        code
        for code in found
        if isinstance(code, str)
        and code.startswith(("launch.", "login.", "tool."))
        and not code.endswith(".json")
        and code.replace(".", "").replace("_", "").isalnum()
    }


def test_every_refusal_of_a_login_or_a_launch_has_advice_of_its_own() -> None:
    codes = set().union(*map(codes_in, PACKAGES))
    assert "launch.deployment_unknown" in codes
    assert codes - set(ADVICE) == set()


def test_a_code_without_advice_of_its_own_gets_that_of_its_kind() -> None:
    for code in ("service.ags.score_refused", "storage.full", "config.x", "launch.new", "own.code"):
        assert "<h1>" in refused_page(LtiError(code, "x")).html


SILENCE, NO = TEXTS["heading.service"], TEXTS["heading.refused"]


@pytest.mark.parametrize(
    ("error", "heading", "wait"),
    [
        (InvalidValue("service.ags.label_missing", "x"), TEXTS["heading.value"], False),
        (InvalidValue("token.no_scope", "x"), TEXTS["heading.value"], False),
        (InvalidValue("deep_linking.url_missing", "x"), TEXTS["heading.value"], False),
        (AccessRefused("service.groups.not_offered", "x"), TEXTS["heading.access"], False),
        (AccessRefused("deep_linking.not_requested", "x"), TEXTS["heading.access"], False),
        (AccessRefused("grant.expired", "x"), TEXTS["heading.access"], False),
        (ServiceFailed("service.not_found", "x", status=404), NO, False),
        (ServiceFailed("service.ags.user_not_gradable", "x", status=422), NO, False),
        (ServiceFailed("service.scope_not_granted", "x", status=200), NO, False),
        (ServiceFailed("token.invalid_client", "x", status=400), NO, False),
        (ServiceFailed("service.unavailable", "x", status=503), SILENCE, True),
        (ServiceFailed("service.unavailable", "x", status=429), SILENCE, True),
        (ServiceFailed("service.nrps.response_malformed", "x", status=200), SILENCE, True),
        (ServiceFailed("http.timeout", "x"), SILENCE, True),
    ],
    ids=lambda value: value.code if isinstance(value, LtiError) else "",
)
def test_a_no_is_told_from_silence_and_from_a_wrong_value(error: LtiError, heading: str, wait: bool) -> None:
    html = refused_page(error).html
    assert f"<h1>{heading}</h1>" in html
    assert ("Wait a minute" in html) is wait


def test_what_an_error_itself_advises_is_shown() -> None:
    advised = ServiceFailed("service.forbidden", "No.", remedy="Grant <the scope>.", status=403)
    text = Read(refused_page(advised).html).text
    assert "Grant <the scope>." in text
    assert TEXTS["refused.administrator"] not in text
    silent = ServiceFailed("service.forbidden", "No.", status=403)
    assert TEXTS["refused.administrator"] in Read(refused_page(silent).html).text


def test_no_text_of_a_person_is_empty() -> None:
    assert all(text for key, text in TEXTS.items() if not key.endswith(".message"))
