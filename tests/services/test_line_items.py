"""Line items: listed, read, made, changed, deleted."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import MIB, HttpRequest
from lti_core.scopes import LINE_ITEM, LINE_ITEM_READ
from lti_core.services.line_items import (
    CreateLineItem,
    DeleteLineItem,
    GetLineItem,
    GetLineItems,
    LineItem,
    ReplaceLineItem,
    SubmissionReview,
)
from tests.services.recorded import answer

LIST = "https://lms.example/c/3/lineitems?type_id=1"
ITEM = "https://lms.example/c/3/lineitems/9?type_id=1"
ONE = "application/vnd.ims.lis.v2.lineitem+json"
MANY = "application/vnd.ims.lis.v2.lineitemcontainer+json"
VENDOR = "https://vendor.example/colour"
SENT: dict[str, Any] = {
    "id": ITEM,
    "label": "Quiz 7",
    "scoreMaximum": 20.5,
    "resourceLinkId": "rl-7",
    "resourceId": "quiz-7",
    "tag": "score",
    "startDateTime": "2030-01-10T08:00:00Z",
    "endDateTime": "2030-01-17T09:00:00+01:00",
    "gradesReleased": True,
    "submissionReview": {
        "reviewableStatus": ["Completed"],
        "label": "Look",
        "url": "https://t.example",
        "custom": {"a": "b"},
    },
    VENDOR: {"deep": [1.10, None]},
}
NEW = LineItem(label="Quiz 7", score_maximum=20)


def body_of(request: HttpRequest) -> Any:
    return json.loads(request.body or b"", parse_float=Decimal)


def read(**changes: object) -> LineItem:
    return GetLineItem(ITEM).read_response(answer(200, {**SENT, **changes}))


def test_a_list_is_asked_for_with_its_filters_behind_the_query_that_is_there() -> None:
    request = GetLineItems(url=LIST, resource_link_id="rl 7", resource_id="q/7", tag="a&b", limit=5).to_request()
    assert (request.method, request.body, request.max_bytes) == ("GET", None, 32 * MIB)
    assert request.headers == {"Accept": MANY}
    assert request.url == f"{LIST}&limit=5&resource_link_id=rl%207&resource_id=q%2F7&tag=a%26b"
    assert GetLineItems(url=LIST).to_request().url == LIST


def test_each_call_asks_exactly_as_platforms_want_it() -> None:
    get, delete = GetLineItem(ITEM).to_request(), DeleteLineItem(ITEM).to_request()
    create, replace = CreateLineItem(LIST, NEW).to_request(), ReplaceLineItem(evolve(NEW, id=ITEM)).to_request()
    both = {"Content-Type": ONE, "Accept": ONE}
    assert (get.method, get.url, get.headers, get.body) == ("GET", ITEM, {"Accept": ONE}, None)
    assert (delete.method, delete.url, delete.headers, delete.body) == ("DELETE", ITEM, {}, None)
    assert (create.method, create.url, create.headers) == ("POST", LIST, both)
    assert (replace.method, replace.url, replace.headers) == ("PUT", ITEM, both)
    assert body_of(create) == {"label": "Quiz 7", "scoreMaximum": 20}
    assert body_of(replace) == {"id": ITEM, "label": "Quiz 7", "scoreMaximum": 20}


def test_scopes_and_repeats() -> None:
    for reading in (GetLineItems, GetLineItem):
        assert reading.scopes == (LINE_ITEM_READ, LINE_ITEM)
        assert reading.repeat.after_silence
    for writing in (CreateLineItem, ReplaceLineItem, DeleteLineItem):
        assert writing.scopes == (LINE_ITEM,)
    assert not CreateLineItem.repeat.after_silence
    assert ReplaceLineItem.repeat.after_silence
    assert DeleteLineItem.repeat.after_silence
    assert DeleteLineItem.repeat.delivered == {"service.not_found"}


def test_a_line_item_is_read_with_all_that_it_says() -> None:
    item = read()
    assert (item.id, item.label, item.score_maximum) == (ITEM, "Quiz 7", Decimal("20.5"))
    assert (item.resource_link_id, item.resource_id, item.tag) == ("rl-7", "quiz-7", "score")
    assert item.starts_at == datetime(2030, 1, 10, 8, tzinfo=UTC)
    assert item.ends_at == datetime(2030, 1, 17, 8, tzinfo=UTC)
    assert item.grades_released is True
    review = item.submission_review
    assert review is not None
    assert (review.reviewable_status, review.label, review.url) == (("Completed",), "Look", "https://t.example")
    assert review.custom == {"a": "b"}
    assert item.claims[VENDOR] == {"deep": [Decimal("1.1"), None]}


@pytest.mark.parametrize("absent", ["", None])
def test_what_is_empty_or_null_is_absent(absent: object) -> None:
    names = (
        "resourceLinkId",
        "resourceId",
        "tag",
        "startDateTime",
        "endDateTime",
        "gradesReleased",
        "submissionReview",
    )
    item = read(**dict.fromkeys(names[:5], absent), **dict.fromkeys(names[5:]))
    assert (item.resource_link_id, item.resource_id, item.tag, item.starts_at, item.ends_at) == (None,) * 5
    assert (item.grades_released, item.submission_review) == (None, None)


@pytest.mark.parametrize(
    ("written", "read_as"), [("20", 20), ("20.50", Decimal("20.50")), (20, 20), (1e3, 1000), (-1, -1)]
)
def test_a_maximum_is_read_from_a_text_too(written: object, read_as: object) -> None:
    assert read(scoreMaximum=written).score_maximum == read_as


def test_known_quirks_are_read() -> None:
    assert read(resourceLinkId=None, ltiLinkId="7").resource_link_id == "7"
    assert read(resourceLinkId=None, lti_link_id=7).resource_link_id == "7"
    assert read(gradesReleased="true").grades_released is True
    review = read(submissionReview={"custom": [], "label": ""}).submission_review
    assert review is not None
    assert (dict(review.custom), review.label) == ({}, None)
    for time in ("2030-01-10T08:00:00", "soon", "2030-13-01T00:00:00Z"):
        assert read(startDateTime=time).starts_at is None


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"startDateTime": 5}, "starts_at"),
        ({"endDateTime": []}, "ends_at"),
        ({"gradesReleased": 1}, "grades_released"),
        ({"gradesReleased": "perhaps"}, "grades_released"),
        ({"submissionReview": []}, "submission_review"),
        ({"submissionReview": "yes"}, "submission_review"),
        ({"submissionReview": {"url": [5]}}, "submission_review"),
    ],
)
def test_nonsense_that_need_not_be_there_loses_no_item_and_goes_back_as_it_came(
    changes: dict[str, object], name: str
) -> None:
    item = read(**changes)
    assert getattr(item, name) is None
    body = body_of(ReplaceLineItem(evolve(item, label="Quiz 8")).to_request())
    assert body | changes == body
    assert body["label"] == "Quiz 8"


def test_a_label_that_is_a_number_is_a_label() -> None:
    assert read(label=7).label == "7"
    assert read(label=7.5).label == "7.5"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("/c/3/lineitems/9", "https://lms.example/c/3/lineitems/9"),
        ("9", "https://lms.example/c/3/lineitems/9"),
        (None, ITEM),
        ("", ITEM),
    ],
)
def test_an_address_is_made_absolute(written: object, found: str) -> None:
    assert read(id=written).id == found


@pytest.mark.parametrize(
    "changes",
    [
        {"label": None},
        {"label": []},
        {"scoreMaximum": None},
        {"scoreMaximum": "many"},
        {"scoreMaximum": True},
        {"scoreMaximum": [1]},
        {"tag": ["a"]},
        {"resourceId": {}},
        {"id": "https://[x"},
        {"resourceLinkId": None, "ltiLinkId": ["7"]},
    ],
)
def test_a_malformed_line_item_is_refused_alone_and_left_out_of_a_list(changes: dict[str, object]) -> None:
    with pytest.raises(ServiceFailed) as refusal:
        read(**changes)
    assert refusal.value.code == "service.ags.line_item_malformed"
    page = GetLineItems(url=LIST).read_response(answer(200, [SENT, {**SENT, **changes}, SENT]))
    assert len(page.items) == 2
    (skipped,) = page.skipped
    assert (skipped.position, skipped.code) == (2, "service.ags.line_item_malformed")
    assert skipped.problem.split()[0].split(".")[0] in changes or "ltiLinkId" in changes


def test_a_listed_item_needs_an_address() -> None:
    for one in ({**SENT, "id": None}, [], None, "x", 5):
        page = GetLineItems(url=LIST).read_response(answer(200, [one]))
        assert [skipped.position for skipped in page.skipped] == [1]


def test_pages_follow_one_another_with_the_filters_held() -> None:
    command = GetLineItems(url=LIST, tag="score", limit=2)
    page = command.read_response(
        answer(
            200, [SENT, {**SENT, "tag": "other"}], link=f"<{LIST}&amp;limit=2&amp;from=2>; rel=â\x80\x9cnextâ\x80\x9d"
        )
    )
    assert [item.tag for item in page.items] == ["score"]
    assert page.next == evolve(command, page_url=f"{LIST}&limit=2&from=2")
    assert page.next is not None
    assert page.next.to_request().url == f"{LIST}&limit=2&from=2"
    last = page.next.read_response(answer(200, [{**SENT, "tag": "other"}]))
    assert (last.items, last.next, last.skipped) == ((), None, ())


def test_the_next_page_stays_on_its_origin() -> None:
    with pytest.raises(ServiceFailed) as refusal:
        GetLineItems(url=LIST).read_response(answer(200, [], link="<https://evil.example/>; rel=next"))
    assert refusal.value.code == "http.url_refused"


ids = st.none() | st.sampled_from(["a", "b", "A", " a", "1"])


@settings(deadline=None)
@given(st.lists(st.tuples(ids, ids, ids), max_size=8), ids, ids, ids)
def test_only_items_with_all_that_was_asked_for_are_given(
    items: list[tuple[Any, Any, Any]], link: Any, resource: Any, tag: Any
) -> None:
    sent = [
        {"id": ITEM, "label": str(number), "scoreMaximum": 1, "resourceLinkId": a, "resourceId": b, "tag": c}
        for number, (a, b, c) in enumerate(items)
    ]
    command = GetLineItems(url=LIST, resource_link_id=link, resource_id=resource, tag=tag)
    found = [item.label for item in command.read_response(answer(200, sent)).items]
    wanted = (link, resource, tag)
    assert found == [
        str(number)
        for number, has in enumerate(items)
        if all(want is None or want == got for want, got in zip(wanted, has, strict=True))
    ]


@pytest.mark.parametrize("name", ["resource_link_id", "resource_id", "tag"])
def test_nothing_is_found_by_an_empty_text(name: str) -> None:
    with pytest.raises(InvalidValue, match=r"service\.filter_empty") as wrong:
        GetLineItems(url=LIST, **{name: ""})
    assert name in wrong.value.message


@pytest.mark.parametrize("limit", [0, -1, True, "5", 2.0])
def test_a_limit_is_a_whole_number_from_one_up(limit: Any) -> None:
    with pytest.raises(InvalidValue) as wrong:
        GetLineItems(url=LIST, limit=limit)
    assert wrong.value.code == "service.ags.limit_invalid"


def test_what_was_read_goes_back_whole_and_only_what_was_changed_changes() -> None:
    sent = {**SENT, "ltiLinkId": "rl-7", "startDateTime": "soon", "tag": "", "extra": 1.10}
    item = GetLineItem(ITEM).read_response(answer(200, sent))
    assert body_of(ReplaceLineItem(item).to_request()) == json.loads(json.dumps(sent), parse_float=Decimal)
    changed = body_of(ReplaceLineItem(evolve(item, label="Quiz 8", tag="new", resource_id=None)).to_request())
    assert changed == {
        **{
            name: value
            for name, value in json.loads(json.dumps(sent), parse_float=Decimal).items()
            if name != "resourceId"
        },
        "label": "Quiz 8",
        "tag": "new",
    }


def test_a_change_inside_the_review_keeps_its_vendor_members() -> None:
    item = read(submissionReview={**SENT["submissionReview"], VENDOR: 1})
    assert item.submission_review is not None
    changed = evolve(item, submission_review=evolve(item.submission_review, label=None, url="https://t.example/2"))
    review = body_of(ReplaceLineItem(changed).to_request())["submissionReview"]
    assert review == {"reviewableStatus": ["Completed"], "url": "https://t.example/2", "custom": {"a": "b"}, VENDOR: 1}


def test_a_command_cannot_be_changed_by_who_made_its_line_item() -> None:
    claims, custom = {VENDOR: {"a": 1}}, {"a": "b"}
    item = evolve(NEW, claims=claims, submission_review=SubmissionReview(custom=custom))
    create, replace = CreateLineItem(LIST, item), ReplaceLineItem(evolve(item, id=ITEM))
    claims[VENDOR]["a"], claims["label"], custom["a"] = 2, {}, "c"
    for command in (create, replace):
        body = body_of(command.to_request())
        assert (body[VENDOR], body["label"], body["submissionReview"]["custom"]) == ({"a": 1}, "Quiz 7", {"a": "b"})


def review(**values: Any) -> dict[str, Any]:
    return {"submission_review": SubmissionReview(**values)}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grades_released": "no"}, "service.ags.grades_released_invalid"),
        ({"grades_released": 1}, "service.ags.grades_released_invalid"),
        (review(reviewable_status=("Bogus",)), "service.ags.submission_review_invalid"),
        (review(reviewable_status="Completed"), "service.ags.submission_review_invalid"),
        (review(label=5), "service.ags.submission_review_invalid"),
        (review(url="x"), "service.ags.submission_review_invalid"),
        (review(custom={"a": 5}), "service.ags.submission_review_invalid"),
        (review(custom=["a"]), "service.ags.submission_review_invalid"),
        (
            {"starts_at": datetime(2031, 1, 1, tzinfo=UTC), "ends_at": datetime(2030, 1, 1, tzinfo=UTC)},
            "service.ags.time_invalid",
        ),
    ],
)
def test_an_item_that_says_nonsense_is_not_sent(changes: dict[str, Any], code: str) -> None:
    for make in (
        lambda: CreateLineItem(LIST, evolve(NEW, **changes)),
        lambda: ReplaceLineItem(evolve(read(), **changes)),
    ):
        with pytest.raises(InvalidValue) as wrong:
            make()
        assert wrong.value.code == code


def test_what_a_platform_says_itself_is_not_judged_when_something_else_is_changed() -> None:
    odd = {"startDateTime": SENT["endDateTime"], "endDateTime": SENT["startDateTime"]}
    item = read(submissionReview={"reviewableStatus": ["Bogus"], "url": "x"}, **odd)
    body = body_of(ReplaceLineItem(evolve(item, tag="new")).to_request())
    assert (body["submissionReview"], body["tag"]) == ({"reviewableStatus": ["Bogus"], "url": "x"}, "new")
    with pytest.raises(InvalidValue, match=r"service\.ags\.time_invalid"):
        ReplaceLineItem(evolve(item, starts_at=datetime(2040, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize("changes", [{"label": ""}, {"scoreMaximum": 0}])
def test_an_item_of_a_platform_that_needs_no_label_or_maximum_says_what_to_give(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidValue) as wrong:
        ReplaceLineItem(evolve(read(**changes), tag="new"))
    assert "give one together with what you change" in wrong.value.message
    with pytest.raises(InvalidValue) as made_here:
        CreateLineItem(LIST, LineItem(label="", score_maximum=0))
    assert "give one" not in made_here.value.message


@pytest.mark.parametrize("name", ["resource_link_id", "resource_id", "tag"])
def test_a_member_that_is_no_text_is_named(name: str) -> None:
    with pytest.raises(InvalidValue, match=r"service\.value_not_text") as wrong:
        CreateLineItem(LIST, evolve(NEW, **{name: 5}))
    assert name in wrong.value.message


def test_an_item_that_is_coupled_to_another_link_loses_the_old_names_of_the_link() -> None:
    item = evolve(read(ltiLinkId="rl-7"), resource_link_id="rl-8")
    body = body_of(ReplaceLineItem(item).to_request())
    assert body["resourceLinkId"] == "rl-8"
    assert "ltiLinkId" not in body


def test_a_new_item_is_sent_with_all_that_it_says() -> None:
    item = LineItem(
        label="Quiz 7 – é",
        score_maximum=Decimal("20.50"),
        resource_link_id="rl-7",
        resource_id="quiz-7",
        tag="score",
        starts_at=datetime(2030, 1, 10, 9, tzinfo=timezone(timedelta(hours=1))),
        grades_released=False,
        submission_review=SubmissionReview(reviewable_status=("Completed",), custom={"a": "b"}),
        claims={VENDOR: Decimal("0.10")},
    )
    request = CreateLineItem(LIST, item).to_request()
    assert b'"scoreMaximum":20.50' in (request.body or b"")
    assert b":0.10" in (request.body or b"")
    assert body_of(request) == {
        "label": "Quiz 7 – é",
        "scoreMaximum": Decimal("20.50"),
        "resourceLinkId": "rl-7",
        "resourceId": "quiz-7",
        "tag": "score",
        "startDateTime": "2030-01-10T08:00:00.000Z",
        "gradesReleased": False,
        "submissionReview": {"reviewableStatus": ["Completed"], "custom": {"a": "b"}},
        VENDOR: Decimal("0.10"),
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"label": ""}, "service.ags.label_missing"),
        ({"label": "  "}, "service.ags.label_missing"),
        ({"label": None}, "service.ags.label_missing"),
        ({"label": "\ud83d"}, "service.ags.label_missing"),
        ({"score_maximum": 0}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": -1}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": True}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": "20"}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": None}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": float("inf")}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": float("nan")}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": Decimal("NaN")}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": Decimal("sNaN")}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": Decimal("1e999")}, "service.ags.score_maximum_invalid"),
        ({"score_maximum": 10**400}, "service.ags.score_maximum_invalid"),
        ({"starts_at": datetime(2030, 1, 1)}, "service.ags.time_invalid"),
        ({"ends_at": "2030-01-01T00:00:00Z"}, "service.ags.time_invalid"),
        ({"ends_at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))}, "service.ags.time_invalid"),
        ({"tag": 5}, "service.value_not_text"),
        ({"resource_id": b"x"}, "service.value_not_text"),
        ({"resource_link_id": "\udc00"}, "service.value_not_text"),
        ({"claims": {VENDOR: {1, 2}}}, "service.extension_invalid"),
        ({"claims": {VENDOR: float("nan")}}, "service.extension_invalid"),
        ({"claims": {5: 5}}, "service.extension_invalid"),
    ],
)
def test_an_item_that_cannot_be_sent_is_refused_when_the_command_is_made(changes: dict[str, Any], code: str) -> None:
    item = evolve(NEW, id=ITEM, **changes)
    for command in (lambda: CreateLineItem(LIST, item), lambda: ReplaceLineItem(item)):
        with pytest.raises(InvalidValue) as wrong:
            command()
        assert wrong.value.code == code


def test_an_item_is_replaced_at_its_address() -> None:
    with pytest.raises(InvalidValue) as wrong:
        ReplaceLineItem(NEW)
    assert wrong.value.code == "service.ags.line_item_id_missing"
    with pytest.raises(ServiceFailed) as refusal:
        ReplaceLineItem(evolve(NEW, id="9"))
    assert refusal.value.code == "http.url_refused"


@pytest.mark.parametrize("status", [200, 201])
def test_a_made_item_is_what_the_platform_says_it_is(status: int) -> None:
    command = CreateLineItem(LIST, evolve(NEW, tag="score"))
    assert command.read_response(answer(status, {**SENT, "label": "Quiz"})).label == "Quiz"
    partial = command.read_response(answer(status, {"id": "/c/3/lineitems/9"}))
    assert (partial.id, partial.tag, partial.score_maximum) == ("https://lms.example/c/3/lineitems/9", "score", 20)


def test_a_made_item_of_which_only_the_address_is_told_is_as_it_was_asked_for() -> None:
    item = CreateLineItem(LIST, NEW).read_response(answer(201, location="/c/3/lineitems/9"))
    assert item == evolve(NEW, id="https://lms.example/c/3/lineitems/9")
    with pytest.raises(ServiceFailed) as refusal:
        CreateLineItem(LIST, NEW).read_response(answer(201, location="https://evil.example/9"))
    assert refusal.value.code == "http.url_refused"


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"nope", b'"x"'])
def test_a_made_item_without_an_address_is_of_no_use(body: bytes) -> None:
    with pytest.raises(ServiceFailed) as refusal:
        CreateLineItem(LIST, NEW).read_response(answer(201, body))
    assert refusal.value.code == "service.ags.response_malformed"


def test_a_made_item_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ServiceFailed) as refusal:
        CreateLineItem(LIST, NEW).read_response(answer(201, {"id": ITEM, "scoreMaximum": []}))
    assert refusal.value.code == "service.ags.line_item_malformed"


@pytest.mark.parametrize("status", [403, 404, 412])
def test_a_link_that_an_item_may_not_be_coupled_to_is_named(status: int) -> None:
    for item, code in (
        (evolve(NEW, resource_link_id="rl-9"), "service.ags.resource_link_refused"),
        (NEW, {403: "service.forbidden", 404: "service.not_found", 412: "service.bad_request"}[status]),
    ):
        with pytest.raises(ServiceFailed) as refusal:
            CreateLineItem(LIST, item).read_response(answer(status))
        assert (refusal.value.code, refusal.value.status) == (code, status)


def test_a_replaced_item_is_what_the_platform_says_it_is_or_what_was_sent() -> None:
    item = evolve(read(), label="Quiz 8")
    assert ReplaceLineItem(item).read_response(answer(204)) == item
    assert ReplaceLineItem(item).read_response(answer(200, b" ")) == item
    answered = ReplaceLineItem(item).read_response(answer(200, {**SENT, "label": "Quiz 8!"}))
    assert answered.label == "Quiz 8!"


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_deleted_item_is_gone(status: int) -> None:
    DeleteLineItem(ITEM).read_response(answer(status))


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "service.ags.delete_refused"),
        (403, "service.ags.delete_refused"),
        (405, "service.ags.delete_refused"),
        (404, "service.not_found"),
        (503, "service.unavailable"),
    ],
)
def test_an_item_that_may_not_be_deleted_is_told(status: int, code: str) -> None:
    with pytest.raises(ServiceFailed) as refusal:
        DeleteLineItem(ITEM).read_response(answer(status))
    assert (refusal.value.code, refusal.value.status) == (code, status)
