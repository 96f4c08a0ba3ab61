"""A form that posts itself: with what it was given, and nothing beside."""

import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_adapters.pages.post import post_page
from lti_core.errors import ConfigurationError


class Form(HTMLParser):
    """The form of a page, as a browser would post it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action, self.fields = "", []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_attrs = dict(attrs)
        if tag == "form":
            self.action = given_attrs["action"]
        if tag == "input":
            self.fields.append((given_attrs["name"], given_attrs["value"]))


whole = st.text(st.characters(exclude_categories=["Cs", "Cc"]))


@given(st.lists(st.tuples(whole, whole)))
def test_the_form_holds_what_it_was_given(fields: list[tuple[str, str]]) -> None:
    form = Form(post_page("https://lms.example/auth?a=1&b=2", fields).html)
    assert form.action == "https://lms.example/auth?a=1&b=2"
    assert form.fields == fields


def test_the_policy_names_the_pages_own_script() -> None:
    page = post_page("https://lms.example/auth", [])
    script = re.search("<script>(.*)</script>", page.html)
    assert script is not None
    named = b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{named}';" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_form_goes_to_web_addresses_only() -> None:
    with pytest.raises(ConfigurationError) as mistake:
        post_page("javascript:alert(1)", [])
    assert mistake.value.code == "config.url_invalid"
