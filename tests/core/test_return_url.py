"""The way back to the course: as the platform sent it, with a word for the person and one for the log."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_core import claims as c
from lti_core.errors import LaunchRefused
from lti_core.messages import LaunchMessage
from lti_core.return_url import return_url
from tests import good
from tests.good import CLAIMS, without


def returning_to(url: object) -> LaunchMessage:
    return good.launch({**CLAIMS, c.LAUNCH_PRESENTATION: {"return_url": url}})


def test_without_a_word_it_is_the_address_that_was_sent() -> None:
    assert return_url(good.launch()) == "https://lms.example/back?c=3"
    odd = "https://lms.example/back?a=1&a=2&&b=%e9+x;&"
    assert return_url(returning_to(odd)) == odd


def test_what_went_well_is_told_to_the_person_and_to_the_log() -> None:
    url = return_url(good.launch(), message="Your quiz is kept. 100 % & more", log="quiz=7 kept")
    assert url == (
        "https://lms.example/back?c=3&lti_msg=Your%20quiz%20is%20kept.%20100%20%25%20%26%20more&lti_log=quiz%3D7%20kept"
    )


def test_what_failed_is_told_under_other_names() -> None:
    url = return_url(returning_to("https://lms.example/back"), message="The quiz is closed.", log="closed", failed=True)
    assert url == "https://lms.example/back?lti_errormsg=The%20quiz%20is%20closed.&lti_errorlog=closed"


def test_one_of_the_two_is_enough() -> None:
    assert return_url(returning_to("https://lms.example/back"), log="a") == "https://lms.example/back?lti_log=a"


def test_a_fragment_stays_at_the_end() -> None:
    assert (
        return_url(returning_to("https://lms.example/#/c?x=1"), message="a") == "https://lms.example/?lti_msg=a#/c?x=1"
    )


@given(st.text(), st.text(), st.booleans())
def test_any_words_come_back_as_they_were(message: str, log: str, failed: bool) -> None:
    url = return_url(good_launch, message=message, log=log, failed=failed)
    assert url.isascii()
    names = ("lti_errormsg", "lti_errorlog") if failed else ("lti_msg", "lti_log")
    told = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    assert told == [("c", "3"), (names[0], message), (names[1], log)]


good_launch = good.launch()


@pytest.mark.parametrize(
    "url", [None, "", "/back", "//lms.example/back", "javascript:alert(1)", "https://", "https://x/\n"]
)
def test_where_there_is_no_way_back_that_is_refused(url: object) -> None:
    for launch in (returning_to(url), good.launch(without(CLAIMS, c.LAUNCH_PRESENTATION))):
        with pytest.raises(LaunchRefused) as refusal:
            return_url(launch, message="Done.")
        assert (refusal.value.code, refusal.value.spec) == ("launch.no_return_url", "LTI 1.3 §5.4.4")
