"""Addresses of services: what stands in them stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_core.errors import ServiceFailed
from lti_core.services.addresses import below, on_same_origin, with_parameters, without_query
from lti_core.services.line_items import DeleteLineItem, GetLineItem, GetLineItems
from lti_core.services.members import GetDifferences, GetMembers

MOODLE = "http://127.0.0.1:8945/mod/lti/services.php/2/lineitems/2/lineitem"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"{MOODLE}?type_id=1", f"{MOODLE}/scores?type_id=1"),
        (f"{MOODLE}", f"{MOODLE}/scores"),
        (f"{MOODLE}/", f"{MOODLE}/scores"),
        (f"{MOODLE}/scores?type_id=1", f"{MOODLE}/scores?type_id=1"),
        (f"{MOODLE}/scores/", f"{MOODLE}/scores"),
        ("https://lms.example/lineItems/9?a=/scores#x", "https://lms.example/lineItems/9/scores?a=/scores"),
        ("https://lms.example", "https://lms.example/scores"),
    ],
)
def test_a_part_stands_in_the_path_and_before_the_query(url: str, found: str) -> None:
    assert below(url, "scores") == found


def test_parameters_are_added_behind_those_that_are_there() -> None:
    url = "https://lms.example/m?type_id=1&b=%2Fx+y"
    role = "http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"
    assert with_parameters(url, role=role, limit=5, rlid=None) == (
        url + "&role=http%3A%2F%2Fpurl.imsglobal.org%2Fvocab%2Flis%2Fv2%2Fmembership%23Learner&limit=5"
    )
    assert with_parameters("https://lms.example/m", tag="a b&c=ü") == "https://lms.example/m?tag=a%20b%26c%3D%C3%BC"
    assert with_parameters("https://lms.example/m?", limit=1) == "https://lms.example/m?limit=1"
    assert with_parameters("https://lms.example/m?a=1&", limit=1) == "https://lms.example/m?a=1&limit=1"
    assert with_parameters(f"{url}#top", tag=None) == url


@settings(deadline=None)
@given(st.text(st.characters(codec="ascii", categories=["L", "N"])), st.text())
def test_a_query_that_is_there_never_changes(query: str, tag: str) -> None:
    try:
        tag.encode()
    except UnicodeEncodeError:
        return
    url = f"https://lms.example/m?q={query}"
    assert with_parameters(url, tag=tag).startswith(f"{url}&tag=")
    assert below(url, "results") == f"https://lms.example/m/results?q={query}"
    assert without_query(url) == "https://lms.example/m"


@pytest.mark.parametrize("url", ["", "lms.example/m", "/m", "ftp://lms.example/m", "https://", "https://[x/m", None, 5])
def test_a_command_without_an_address_that_can_be_called_is_refused(url: str) -> None:
    for command in (GetLineItem, DeleteLineItem, GetDifferences):
        with pytest.raises(ServiceFailed) as refusal:
            command(url)  # type: ignore[operator]
        assert (refusal.value.code, refusal.value.not_sent) == ("http.url_refused", True)
    for lister in (GetLineItems, GetMembers):
        with pytest.raises(ServiceFailed):
            lister(url=url)  # type: ignore[operator]


@given(st.text())
def test_any_link_leads_to_the_same_origin_or_is_refused(link: str) -> None:
    try:
        found = on_same_origin("https://lms.example/c/3/members", link)
    except ServiceFailed:
        return
    assert found.lower().startswith(("https://lms.example/", "https://lms.example:443", "https://lms.example?"))
