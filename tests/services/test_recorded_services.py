"""All that a real Moodle 4.5 answered to service calls, read by the commands that ask so."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lti_core.errors import ServiceFailed
from lti_core.scopes import LINE_ITEM, LINE_ITEM_READ, MEMBERS_READ, RESULT_READ, SCORE
from lti_core.services.access_token import RequestToken
from lti_core.services.command import Page
from lti_core.services.line_items import (
    CreateLineItem,
    DeleteLineItem,
    GetLineItem,
    GetLineItems,
    LineItem,
    ReplaceLineItem,
)
from lti_core.services.members import GetMembers
from lti_core.services.results import GetResults
from lti_core.services.scores import PublishScore, Score
from tests.services.recorded import Exchange, answer, exchanges, named

SENT_AT = datetime(2026, 11, 23, 14, 18, 25, tzinfo=UTC)
ALL_SCOPES = (LINE_ITEM, LINE_ITEM_READ, RESULT_READ, SCORE, MEMBERS_READ)
FILES = ("token", "ags-line-items", "ags-scores-results", "nrps")
ITEM = LineItem(label="Asked", score_maximum=10)
DONE = Score(user_id="5", given=1, maximum=20, timestamp=SENT_AT, comment="for the learner")


def token_request(*asked: str) -> RequestToken:
    return RequestToken(
        token_url="http://127.0.0.1:8945/mod/lti/token.php", asked=asked, assertion="a.b.c", now=SENT_AT
    )


def command_of(one: Exchange) -> Any:
    """The command whose answer it would be."""
    path = one.url.partition("?")[0]
    if path.endswith("token.php"):
        return token_request(*ALL_SCOPES)
    if path.endswith("memberships"):
        return GetMembers(url=one.url)
    if path.endswith("/scores"):
        return PublishScore(one.url, DONE)
    if path.endswith("/results"):
        return GetResults(line_item=one.url)
    if path.endswith("/lineitems"):
        return CreateLineItem(one.url, ITEM) if one.method == "POST" else GetLineItems(url=one.url)
    kinds: dict[str, Any] = {"DELETE": DeleteLineItem, "GET": GetLineItem}
    return (
        kinds[one.method](one.url)
        if one.method in kinds
        else ReplaceLineItem(LineItem(id=one.url, label="x", score_maximum=1))
    )


ALL = [pytest.param(one, id=f"{file}: {one.name}") for file in FILES for one in exchanges(file)]


def test_all_recorded_answers_are_replayed() -> None:
    assert len(ALL) == 40 + 111 + 100 + 46


@pytest.mark.parametrize("one", ALL)
def test_an_answer_is_read_or_refused_by_its_code(one: Exchange) -> None:
    command = command_of(one)
    status = one.answer.status
    if status < 300 and one.name not in VERSION_1:
        command.read_response(one.answer)
        return
    with pytest.raises(ServiceFailed) as refusal:
        command.read_response(one.answer)
    failed = refusal.value
    assert failed.status == status
    assert failed.code in CODES[status], failed.code
    assert one.sent not in str(failed) or not one.sent
    assert "eyJ" not in str(failed)


VERSION_1 = ("members, Accept of version 1 (JSON-LD)", "members of version 1, limit 3")
CODES = {
    200: {"service.nrps.response_malformed"},
    400: {
        "service.bad_request",
        "service.ags.score_refused",
        "token.invalid_client",
        "token.invalid_request",
        "token.invalid_scope",
        "token.unsupported_grant_type",
        "token.refused",
    },
    401: {"service.unauthorized", "service.ags.delete_refused"},
    403: {"service.forbidden"},
    404: {"service.not_found"},
    405: {"service.bad_request", "service.ags.delete_refused"},
    409: {"service.ags.score_outdated"},
}


@pytest.mark.parametrize("name", ["list", "list again", "read one", "create", "replace", "delete"])
def test_our_line_item_requests_have_the_headers_that_moodle_took(name: str) -> None:
    one = named("ags-line-items", name)
    sent = {header.lower(): value for header, value in command_of(one).to_request().headers.items()}
    taken = {header: value for header, value in one.headers.items() if header in ("accept", "content-type")}
    assert sent == taken
    assert command_of(one).to_request().url == one.url


def test_our_other_requests_have_the_headers_that_moodle_took() -> None:
    for file, name in (("ags-scores-results", "score"), ("ags-scores-results", "all results"), ("nrps", "members")):
        one = named(file, name)
        sent = {header.lower(): value for header, value in command_of(one).to_request().headers.items()}
        assert sent == {header: value for header, value in one.headers.items() if header in ("accept", "content-type")}
    assert PublishScore(
        "http://127.0.0.1:8945/mod/lti/services.php/2/lineitems/2/lineitem?type_id=1", DONE
    ).to_request().url == (named("ags-scores-results", "score").url)


def test_a_token_that_is_labelled_as_html_is_read() -> None:
    one = named("token", "all five service scopes")
    assert one.answer.headers["content-type"].startswith("text/html")
    token = token_request(*ALL_SCOPES).read_response(one.answer)
    assert token.scopes == set(ALL_SCOPES)
    assert token.expires_at == SENT_AT + timedelta(hours=1)


def test_a_token_with_less_than_was_asked_for_says_so() -> None:
    one = named("token", "tool with grade sync only asks for all five")
    token = token_request(*ALL_SCOPES).read_response(one.answer)
    assert token.scopes
    assert token.scopes < set(ALL_SCOPES)
    assert LINE_ITEM not in token.scopes


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("unknown kid", "token.refused", '"kid" invalid, unable to lookup correct key'),
        ("expired assertion", "token.refused", "Expired token"),
        ("assertion from the future", "token.refused", "iat prior to"),
        ("signed with another key", "token.refused", "Signature verification failed"),
        ("unknown client", "token.invalid_client", "invalid_client"),
        ("only an unknown scope", "token.invalid_scope", "invalid_scope"),
        ("wrong assertion type", "token.unsupported_grant_type", "unsupported_grant_type"),
        ("no scope", "token.invalid_request", "invalid_request"),
    ],
)
def test_a_refused_token_is_explained_in_moodles_words(name: str, code: str, words: str) -> None:
    with pytest.raises(ServiceFailed) as refusal:
        token_request(SCORE).read_response(named("token", name).answer)
    assert refusal.value.code == code
    assert words in refusal.value.platform_says
    assert "clock" not in refusal.value.remedy


def test_a_clock_that_is_wrong_is_named_beside_an_expired_token() -> None:
    late = RequestToken(
        token_url="http://127.0.0.1:8945/t", asked=SCORE, assertion="a.b.c", now=SENT_AT - timedelta(minutes=5)
    )
    with pytest.raises(ServiceFailed) as refusal:
        late.read_response(named("token", "expired assertion").answer)
    assert "300 seconds behind" in refusal.value.remedy


def test_a_list_has_no_empty_words_and_keeps_the_query_in_addresses() -> None:
    one = named("ags-line-items", "list again")
    items = GetLineItems(url=one.url).read_response(one.answer).items
    assert len(items) > 10
    assert all(item.id and item.id.endswith("?type_id=1") for item in items)
    assert "" not in {text for item in items for text in (item.tag, item.resource_id, item.resource_link_id)}
    assert {item.label for item in items} >= {"", "zero", "neg"}
    assert {item.score_maximum for item in items if item.label in ("zero", "neg")} >= {0, -1}


def test_pages_with_typographic_quotes_and_escaped_addresses_lead_on_to_the_end() -> None:
    command: Any = GetLineItems(
        url=named("ags-line-items", "list by pages of two, page 1").url.partition("&")[0], limit=2
    )
    found: list[LineItem] = []
    for number in range(1, 10):
        one = named("ags-line-items", f"list by pages of two, page {number}")
        assert command.to_request().url == one.url
        page: Page[LineItem] = command.read_response(one.answer)
        assert not page.skipped
        found += page.items
        command = page.next
    assert command is None
    everything = GetLineItems(url="http://127.0.0.1:8945/").read_response(named("ags-line-items", "list again").answer)
    assert [item.id for item in found] == [item.id for item in everything.items]


def test_filters_hold_on_every_page() -> None:
    first = named("ags-line-items", "filter by tag, paged")
    command = GetLineItems(url=first.url.partition("&")[0], tag="filler", limit=1)
    assert sorted(command.to_request().url.split("&")) == sorted(first.url.split("&"))
    page = command.read_response(first.answer)
    assert [item.tag for item in page.items] == ["filler"]
    assert page.next is not None
    assert "tag=filler" in page.next.to_request().url
    everything = page.next.read_response(named("ags-line-items", "list again").answer)
    assert {item.tag for item in everything.items} == {"filler"}


def test_a_filter_is_compared_where_moodle_compared_it() -> None:
    everything = named("ags-line-items", "list again")
    for name, filters in (
        ("filter by resource_link_id", {"resource_link_id": "1"}),
        ("filter by tag nobody uses", {"tag": "none"}),
        ("filter by an unknown resource link", {"resource_link_id": "99999"}),
    ):
        command = GetLineItems(url=everything.url, **filters)
        theirs = command.read_response(named("ags-line-items", name).answer)
        ours = command.read_response(everything.answer)
        assert [item.id for item in ours.items] == [item.id for item in theirs.items]


def test_made_and_replaced_items_are_read_from_their_answers() -> None:
    made = named("ags-line-items", "create")
    item = CreateLineItem(made.url, ITEM).read_response(made.answer)
    assert item.score_maximum == 60
    assert item.id
    attached = named("ags-line-items", "create, attached to a resource link")
    coupled = CreateLineItem(attached.url, ITEM).read_response(attached.answer)
    assert (coupled.score_maximum, coupled.resource_link_id) == (Decimal("30.5"), "1")
    vendor = named("ags-line-items", "create, with vendor extension members")
    extended = CreateLineItem(vendor.url, ITEM).read_response(vendor.answer)
    assert any(name.startswith("https://vendor.example") for name in extended.claims)
    text = named("ags-line-items", "create, scoreMaximum a number in a string")
    assert CreateLineItem(text.url, ITEM).read_response(text.answer).score_maximum == 10
    replaced = named("ags-line-items", "replace")
    assert ReplaceLineItem(item).read_response(replaced.answer).id == replaced.url


def test_an_item_that_is_replaced_unchanged_goes_back_with_all_that_moodle_sent() -> None:
    one = named("ags-line-items", "read one that the platform made with the activity")
    item = GetLineItem(one.url).read_response(one.answer)
    assert item.submission_review is not None
    body = (ReplaceLineItem(item).to_request().body or b"").decode()
    for member in ("submissionReview", "ltiLinkId", "resourceLinkId", "resourceId", "tag"):
        assert f'"{member}":' in body


def test_a_foreign_link_and_a_deleted_item_have_their_codes() -> None:
    item = LineItem(label="x", score_maximum=1, resource_link_id="4")
    foreign = named("ags-line-items", "create, resource link of another tool")
    with pytest.raises(ServiceFailed) as refusal:
        CreateLineItem(foreign.url, item).read_response(foreign.answer)
    assert refusal.value.code == "service.ags.resource_link_refused"
    again = named("ags-line-items", "delete again")
    with pytest.raises(ServiceFailed) as refusal:
        DeleteLineItem(again.url).read_response(again.answer)
    assert refusal.value.code in DeleteLineItem.repeat.delivered


@pytest.mark.parametrize(
    "name",
    [
        "another score within the same second, milliseconds later",
        "score stamped two minutes before it is sent, for a user who has one",
        "score with an older timestamp",
    ],
)
def test_a_score_within_one_second_or_from_before_is_outdated(name: str) -> None:
    one = named("ags-scores-results", name)
    with pytest.raises(ServiceFailed) as refusal:
        PublishScore(one.url, DONE).read_response(one.answer)
    assert refusal.value.code in PublishScore.repeat.delivered


def test_a_score_that_is_taken_with_an_empty_answer_is_published() -> None:
    one = named("ags-scores-results", "score")
    assert one.answer.body == b""
    assert PublishScore(one.url, DONE).read_response(one.answer).result_url is None


@pytest.mark.parametrize("name", ["score for the teacher", "unknown user", "score negative", "scoreGiven null"])
def test_what_moodle_makes_of_a_score_is_told(name: str) -> None:
    one = named("ags-scores-results", name)
    command = PublishScore(one.url, DONE)
    if one.answer.status == 200:
        command.read_response(one.answer)
        return
    with pytest.raises(ServiceFailed) as refusal:
        command.read_response(one.answer)
    assert refusal.value.code == "service.ags.score_refused"
    assert refusal.value.platform_says == ""
    assert "learner" in refusal.value.remedy


def test_the_reason_that_repeats_a_whole_score_is_shown_without_it() -> None:
    command = PublishScore("http://127.0.0.1:8945/mod/lti/services.php/2/lineitems/2/lineitem?type_id=1", DONE)
    reason = f"Incorrect score received{(command.to_request().body or b'').decode()}"
    with pytest.raises(ServiceFailed) as refusal:
        command.read_response(answer(400, {"status": 400, "reason": reason}))
    assert refusal.value.platform_says == "reason: Incorrect score received…"


def test_erased_grades_are_none_and_zero_is_zero() -> None:
    def score_of(name: str, user: str = "5") -> Any:
        one = named("ags-scores-results", name)
        command = GetResults(line_item="http://127.0.0.1:8945/x", user_id=user)
        return [result.score for result in command.read_response(one.answer).items]

    assert score_of("results before any score") == []
    for name in (
        "a pending score",
        "a pending manual score",
        "a failed score",
        "a score of null",
        "a pending message without a score",
    ):
        assert score_of(f"results after {name}") in ([None], [])
    assert score_of("results after a negative score") == [0]


def test_results_have_their_scale_and_comments() -> None:
    one = named("ags-scores-results", "all results")
    page = GetResults(line_item=one.url).read_response(one.answer)
    assert len(page.items) > 4
    assert not page.skipped
    assert {result.maximum for result in page.items} == {20}
    assert all(result.score is None or 0 <= result.score <= 20 for result in page.items)
    alone = named("ags-scores-results", "results of one user")
    (result,) = GetResults(line_item=one.url, user_id="5").read_response(alone.answer).items
    assert result.user_id == "5"


def comment_of(name: str) -> str | None:
    """The comment of user 5 in the results of that name."""
    one = named("ags-scores-results", f"results after {name}")
    results = GetResults(line_item=one.url, user_id="5").read_response(one.answer)
    return results.items[0].comment


def test_a_score_without_a_comment_erases_the_comment_that_was_there() -> None:
    assert comment_of("one score")
    assert comment_of("a score without a comment") is None


def test_results_cannot_be_paged_and_the_remedy_says_so() -> None:
    one = named("ags-scores-results", "results by pages of two, page 1")
    with pytest.raises(ServiceFailed) as refusal:
        GetResults(line_item=one.url, limit=2).read_response(one.answer)
    assert refusal.value.code == "service.not_found"
    assert "ask without a limit" in refusal.value.remedy


def test_members_have_short_roles_and_unicode_names() -> None:
    one = named("nrps", "members")
    page = GetMembers(url=one.url).read_response(one.answer)
    assert not page.skipped
    assert page.next is None
    assert page.differences is None
    assert page.context is not None
    assert page.context.id == "2"
    by_id = {member.user_id: member for member in page.items}
    assert by_id["5"].name == "Anna-Lena Größe"
    assert by_id["5"].claims["ext_user_username"] == "anna"
    assert by_id["5"].roles.is_student
    assert by_id["3"].roles.is_teacher
    assert by_id["7"].lis_person_sourcedid == ""
    assert by_id["7"].name == "Đặng Thị Hồng 🌸"
    assert {member.status for member in page.items} == {"Active"}


def test_a_role_is_held_on_pages_whose_address_forgot_it() -> None:
    command: Any = GetMembers(url=named("nrps", "members").url, role="Learner", limit=2)
    found: list[str] = []
    for number in range(1, 5):
        one = named("nrps", f"learners by pages of two, page {number}")
        assert command.to_request().url == one.url
        page = command.read_response(one.answer)
        found += [member.user_id for member in page.items]
        command = page.next
    assert command is None
    everybody = GetMembers(url="http://127.0.0.1:8945/").read_response(named("nrps", "members").answer)
    learners = {member.user_id for member in everybody.items if "Learner" in member.roles}
    assert set(found) <= learners
    assert "3" not in found


def test_an_unknown_role_has_nobody_although_moodle_lists_everybody() -> None:
    one = named("nrps", "members by role, unknown")
    assert GetMembers(url=one.url).read_response(one.answer).items
    assert GetMembers(url=one.url, role="Astronaut").read_response(one.answer).items == ()


def test_members_who_can_reach_a_link_bring_its_message() -> None:
    one = named("nrps", "members of a resource link")
    member = GetMembers(url="http://127.0.0.1:8945/x", resource_link_id="1").read_response(one.answer).items[0]
    (message,) = member.messages
    assert message["https://purl.imsglobal.org/spec/lti/claim/message_type"] == "LtiResourceLinkRequest"
    assert "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome" in message
    unknown = named("nrps", "members of an unknown resource link")
    with pytest.raises(ServiceFailed) as refusal:
        GetMembers(url="http://127.0.0.1:8945/x", resource_link_id="99999").read_response(unknown.answer)
    assert refusal.value.code == "service.nrps.resource_link_refused"
    assert "LTI link 99999 doesn't exist" in refusal.value.platform_says
