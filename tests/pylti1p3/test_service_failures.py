"""Answers of services that are errors, never end, or lead elsewhere."""

from typing import Any

import pytest

from lti_adapters.pylti1p3 import paging
from lti_adapters.pylti1p3.assignments_grades import AssignmentsGradesService
from lti_adapters.pylti1p3.course_groups import CourseGroupsService
from lti_adapters.pylti1p3.exception import LtiException, LtiServiceException
from lti_adapters.pylti1p3.lineitem import LineItem
from lti_adapters.pylti1p3.names_roles import NamesRolesProvisioningService
from lti_adapters.pylti1p3.service_connector import ServiceConnector
from tests.pylti1p3.services import ALL, LMS, REGISTRATION, Answered, Session, grade, gradebook, of_pages


def test_an_error_of_the_platform_can_be_looked_at() -> None:
    session = of_pages({f"{LMS}/items/1/scores": Answered({"why": "late"}, 403, date="today")})
    with pytest.raises(
        LtiServiceException, match=r"^HTTP response \[https://lms.example/items/1/scores\]: 403 - "
    ) as e:
        gradebook(session, lineitem=f"{LMS}/items/1").put_grade(grade())
    response = e.value.response
    assert (response.status_code, response.json(), response.headers["Date"]) == (403, {"why": "late"}, "today")


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("iso-8859-1", b"caf\xe9", "caf\xe9"),
        ("utf-8", b"caf\xc3\xa9", "caf\xe9"),
        ("nothing", b"caf\xe9", "caf\ufffd"),
        ("punycode", b"caf-dma", "caf-dma"),
        ("zlib", b"caf", "caf"),
    ],
)
def test_an_error_is_read_as_its_header_says(charset: str, raw: bytes, text: str) -> None:
    answer: Any = Answered("", 400, **{"content-type": f"text/plain; charset={charset}"})
    answer.content = raw
    with pytest.raises(LtiServiceException, match=f"400 - {text}$") as caught:
        gradebook(of_pages({f"{LMS}/items/1": answer}), lineitem=f"{LMS}/items/1").get_lineitem()
    assert caught.value.response.text == text


def test_an_error_tells_its_request_but_no_token() -> None:
    session = of_pages({f"{LMS}/items/1/scores": Answered({"why": 1.5}, 403)})
    with pytest.raises(LtiServiceException) as caught:
        gradebook(session, lineitem=f"{LMS}/items/1").put_grade(grade())
    response = caught.value.response
    assert (response.request.method, response.request.url) == ("POST", f"{LMS}/items/1/scores")
    assert "Authorization" not in response.request.headers
    assert response.json(parse_float=str) == {"why": "1.5"}


def test_an_error_says_whether_and_why_it_is_one() -> None:
    with pytest.raises(LtiServiceException) as caught:
        gradebook(of_pages({f"{LMS}/items/1": Answered("", 404)}), lineitem=f"{LMS}/items/1").get_lineitem()
    assert (caught.value.response.ok, caught.value.response.reason) == (False, "Not Found")
    with pytest.raises(LtiServiceException) as caught:
        gradebook(of_pages({f"{LMS}/items/1": Answered("<html>")}), lineitem=f"{LMS}/items/1").get_lineitem()
    assert (caught.value.response.ok, caught.value.response.reason) == (True, "OK")


def test_a_platform_that_answers_with_a_page_is_a_failure_that_programs_catch() -> None:
    with pytest.raises(LtiException):
        gradebook(of_pages({f"{LMS}/items?course=3": "<html>"})).get_lineitems()


def test_a_platform_that_does_not_answer_is_a_failure_that_programs_catch() -> None:
    def broken(*_: str) -> Answered:
        raise RuntimeError("secret of the proxy")

    with pytest.raises(LtiException) as failure:
        AssignmentsGradesService(
            ServiceConnector(REGISTRATION, Session(broken)), {"scope": ALL, "lineitems": "ftp://lms.example"}
        ).get_lineitems()
    assert "secret" not in str(failure.value)


def test_pages_that_lead_back_to_one_another_end() -> None:
    pages = {f"{LMS}/members": Answered({"members": []}, link=f'<{LMS}/members>; rel="next"')}
    service = NamesRolesProvisioningService(
        ServiceConnector(REGISTRATION, of_pages(pages)), {"context_memberships_url": f"{LMS}/members"}
    )
    with pytest.raises(LtiException, match="never end"):
        service.get_members()


def test_a_search_through_pages_that_never_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 20)
    session = Session(lambda *_: Answered([], link=f'<{LMS}/items?page={len(session.asked)}>; rel="next"'))
    with pytest.raises(LtiException, match="never end"):
        gradebook(session).find_lineitem_by_tag("t")
    assert len(session.asked) == 20


def test_a_next_page_elsewhere_is_not_given_the_token() -> None:
    pages = {f"{LMS}/members": Answered({"members": []}, link='<https://evil.example/>; rel="next"')}
    session = of_pages(pages)
    service = NamesRolesProvisioningService(
        ServiceConnector(REGISTRATION, session), {"context_memberships_url": f"{LMS}/members"}
    )
    with pytest.raises(LtiException, match="another origin"):
        service.get_members()


def test_an_address_elsewhere_is_not_given_the_token() -> None:
    evil = "https://evil.example/items/1"
    session = of_pages({f"{LMS}/items?course=3": [{"id": evil, "tag": "a"}]})
    connector, book = ServiceConnector(REGISTRATION, session), gradebook(session)
    members = NamesRolesProvisioningService(connector, {"context_memberships_url": f"{LMS}/members"})
    groups = CourseGroupsService(connector, {"context_groups_url": f"{LMS}/groups"})
    for asking in (
        lambda: book.put_grade(grade(), LineItem().set_id(evil)),
        lambda: book.put_grade(grade(), LineItem().set_tag("a")),
        lambda: book.put_grade(grade(), LineItem().set_id(f"{LMS}:8443/items/1")),
        lambda: book.get_grades(LineItem().set_id(evil)),
        lambda: book.get_grades(LineItem().set_tag("a")),
        lambda: book.get_lineitem(evil),
        lambda: book.get_lineitems_page(evil),
        lambda: members.get_members_page(evil),
        lambda: groups.get_page(evil),
    ):
        with pytest.raises(LtiException, match="no address at this origin") as refusal:
            asking()
        assert refusal.value.code == "http.url_refused"
    assert {url for _, url, _, _ in session.asked} == {f"{LMS}/items?course=3"}


@pytest.mark.parametrize("address", [-1, 1.5, True, [1], {"a": 1}, "http://[", "items/1"])
def test_what_is_no_address_is_refused(address: Any) -> None:
    session = of_pages({f"{LMS}/items?course=3": [{"id": address, "tag": "a"}]})
    connector, book = ServiceConnector(REGISTRATION, session), gradebook(session, lineitem=address)
    members = NamesRolesProvisioningService(connector, {"context_memberships_url": address})
    groups = CourseGroupsService(connector, {"context_groups_url": address})
    for asking in (
        lambda: book.put_grade(grade()),
        lambda: book.put_grade(grade(), LineItem().set_tag("a")),
        lambda: book.get_grades(),
        lambda: book.get_grades(LineItem().set_tag("a")),
        lambda: members.get_members("rl-7"),
        lambda: groups.get_groups("u-42"),
    ):
        with pytest.raises(LtiException, match=r"no http\(s\) address"):
            asking()
