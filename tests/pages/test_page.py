"""Headers of pages: nothing is kept, nothing is loaded, and who may frame them is named."""

import hashlib
import re
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.pages.page import link_of, origin_of, pages_of
from lti_adapters.pages.refusal import refused_page
from lti_core.errors import ConfigurationError, LaunchRefused

PAGE = refused_page(LaunchRefused("launch.nonce_used", "Used."), framed_by=["https://lms.example", "http://[::1]:80"])


def test_a_page_is_not_kept_and_tells_nobody_its_address() -> None:
    assert PAGE.headers["Cache-Control"] == "no-store"
    assert PAGE.headers["Referrer-Policy"] == "strict-origin"
    assert PAGE.headers["X-Content-Type-Options"] == "nosniff"
    assert PAGE.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_policy_allows_the_pages_own_style_and_nothing_else() -> None:
    style = re.search("<style>(.*)</style>", PAGE.html, re.DOTALL)
    assert style is not None
    named = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert PAGE.headers["Content-Security-Policy"] == (
        f"default-src 'none'; style-src 'sha256-{named}'; base-uri 'none'; form-action 'self';"
        " frame-ancestors https://lms.example http://[::1]:80"
    )
    assert " style=" not in PAGE.html


def test_no_origin_means_no_frame() -> None:
    page = refused_page(LaunchRefused("launch.nonce_used", "Used."), framed_by=())
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


@pytest.mark.parametrize(
    "source", ["https://a.example; script-src *", "a.example", "https://a.example/x", "https://ä.example", ""]
)
def test_what_is_no_origin_does_not_get_into_the_policy(source: str) -> None:
    with pytest.raises(ConfigurationError) as mistake:
        refused_page(LaunchRefused("launch.nonce_used", "Used."), framed_by=[source])
    assert mistake.value.code == "config.frame_ancestors_invalid"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://lms.example/course?a=1", "https://lms.example"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:5000"),
        ("http://[::1]:5000/x", "http://[::1]:5000"),
        ("HTTPS://LMS.Example", "https://lms.example"),
        ("javascript:alert(1)", None),
        ("https:///x", None),
        ("https://lms.example:port", None),
        ("https://lms.example/\nx", None),
        ("ftp://lms.example", None),
        (None, None),
        (7, None),
    ],
)
def test_an_origin_is_that_of_an_absolute_web_address(url: object, origin: str | None) -> None:
    assert origin_of(url) == origin
    assert (link_of(url) is None) is (origin is None)


@given(st.text() | st.text(alphabet=":/[]@?#%https.\x00\ud800"))
def test_no_text_breaks_the_reading_of_origins(url: str) -> None:
    origin = origin_of(url)
    assert origin is None or origin_of(origin) == origin


def test_a_page_is_readable_on_a_phone_and_in_the_dark() -> None:
    assert 'name="viewport"' in PAGE.html
    assert "prefers-color-scheme: dark" in pages_of("lti_adapters.pages").style
