"""The Link header, as platforms write it."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_core.errors import ServiceFailed
from lti_core.services.links import linked, read_links
from tests.services.recorded import answer, named

PAGE = "https://lms.example/c/3/members?role=Learner"


@pytest.mark.parametrize(
    "header",
    [
        '<https://lms.example/p2>; rel="next"',
        "<https://lms.example/p2>; rel=next",
        "<https://lms.example/p2>;rel=next",
        '<https://lms.example/p2>  ;  REL = "NEXT"',
        '<https://lms.example/p2>; title="a, b; rel=last"; rel="next"',
        '<https://lms.example/p2>; rel="next"; title="<https://evil.example>; rel=next"',
        '<https://lms.example/p2>; rel="start next"',
        '<https://lms.example/p1>; rel="prev first", <https://lms.example/p2>; rel="next", </p9>; rel=last',
        "<https://lms.example/p1>; rel=prev,<https://lms.example/p2>; rel=next",
        "< https://lms.example/p2 >; rel='next'",
        "<https://lms.example/p2>; rel=“next”",
        "<https://lms.example/p2>; rel=â\x80\x9cnextâ\x80\x9d",
        "<https://lms.example/p2>; rel=â€œnextâ€",
        '<https://lms.example/p2>; rel="next',
        '<https://lms.example/p2>; rel="next"; rel="last"',
        '<https://lms.example/p2>; rel="next", <https://lms.example/p3>; rel="next"',
        "<https://lms.example/other>; title=x, <https://lms.example/p2>; rel=next",
    ],
)
def test_the_next_page_is_found(header: str) -> None:
    assert read_links(header)["next"] == "https://lms.example/p2"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "next",
        "<https://lms.example/p2>",
        "<https://lms.example/p2>; rel=",
        '<https://lms.example/p2>; rel=""',
        '<https://lms.example/p2>; rel="https://lms.example/next"',
        '<https://lms.example/p2>; rel="nextish"',
        '<https://lms.example/p2>; title="; rel=next"',
        "https://lms.example/p2; rel=next",
        "<https://lms.example/p2; rel=next",
    ],
)
def test_where_there_is_no_next_page_there_is_none(header: str) -> None:
    assert "next" not in read_links(header)
    assert linked(answer(link=header), PAGE, "next") is None


def test_addresses_keep_their_commas_and_lose_what_html_did_to_them() -> None:
    links = read_links('<https://lms.example/p?a=1,2&amp;from=2>; rel="next", <?x=<y>; rel=last')
    assert links["next"] == "https://lms.example/p?a=1,2&from=2"


def test_what_moodle_writes_is_read() -> None:
    page = named("ags-line-items", "list by pages of two, page 2")
    base = "http://127.0.0.1:8945/mod/lti/services.php/2/lineitems?type_id=1&limit=2&from="
    assert read_links(page.answer.headers["link"]) == {
        "first": f"{base}0",
        "prev": f"{base}0",
        "canonical": f"{base}2",
        "next": f"{base}4",
        "last": f"{base}17",
    }


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("?page=2", "https://lms.example/c/3/members?page=2"),
        ("/p2", "https://lms.example/p2"),
        ("//lms.example/p2", "https://lms.example/p2"),
        ("https://LMS.example:443/p2#top", "https://LMS.example:443/p2"),
        ("", PAGE),
    ],
)
def test_a_link_is_followed_from_the_page_that_it_stands_on(address: str, found: str) -> None:
    assert linked(answer(link=f'<{address}>; rel="next"'), PAGE, "next") == found


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/p2",
        "//evil.example/p2",
        "http://lms.example/p2",
        "https://lms.example:8443/p2",
        "https://lms.example.evil.example/p2",
        "https://lms.example@evil.example/p2",
        "https://ada:secret@lms.example/p2",
        "https://[lms.example/p2",
        "https://lms.example:x/p2",
        "javascript:alert(1)",
        "data:text/html,x",
    ],
)
def test_a_link_to_another_origin_is_refused(address: str) -> None:
    for relation in ("next", "differences"):
        with pytest.raises(ServiceFailed) as refusal:
            linked(answer(link=f'<{address}>; rel="{relation}"'), PAGE, relation)
        assert refusal.value.code == "http.url_refused"
        assert "evil" not in str(refusal.value)


words = st.text(st.characters(codec="ascii", categories=["Ll"]), min_size=1, max_size=8)
addresses = st.text(st.characters(codec="ascii", exclude_characters="<>&\r\n"), min_size=1, max_size=20).map(str.strip)
quotes = st.sampled_from(['"{}"', "“{}”", "â\x80\x9c{}â\x80\x9d", "{}", "'{}'"])


@settings(deadline=None)
@given(st.lists(st.tuples(addresses, words, quotes, st.sampled_from(["; ", ";", " ; title=x; "])), max_size=6))
def test_however_links_are_written_each_relation_has_its_first_address(links: list[Any]) -> None:
    header = ", ".join(f"<{address}>{between}rel={quote.format(word)}" for address, word, quote, between in links)
    expected: dict[str, str] = {}
    for address, word, *_ in links:
        expected.setdefault(word, address)
    assert read_links(header) == expected


@given(st.text() | st.text(st.sampled_from('<>;,="relnxt “\x80&\t')))
def test_any_header_is_read(header: str) -> None:
    for relation, address in read_links(header).items():
        assert relation
        assert not {"<", ">"} & set(address)
    with suppress(ServiceFailed):
        linked(answer(link=header), PAGE, "next")


@pytest.mark.parametrize(
    "part",
    ["<", ">", '"', "<a>;", '<a>"', "<a>;rel=", ";rel", " ", "<a>; rel=next,", '\\"', "rel=", ";  ", "â", '<a>;"<'],
)
@pytest.mark.parametrize("before", ["", "<a>;", '<a>;rel="', "<a>; rel=“"])
def test_a_long_header_is_read_to_its_end(part: str, before: str) -> None:
    read_links(before + part * (200_000 // len(part)))
