"""The services of a launch, used from outside through the reference tool as JSON."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from lti_adapters.simulator.courses import BIOLOGY, Activity, Course
from lti_adapters.simulator.people import ANONYMOUS, ASSISTANT, DESIGNER, LEARNER, OBSERVER, STUDENT, TEACHER
from lti_core import claims as c
from lti_core import scopes
from tests.reference_tool.site import GOOD, HTML, HTTPS, JSON, Launched, Site, site


def refusal(answer: Any) -> tuple[int, str]:
    assert set(answer.json["error"]) == {"code", "message", "spec"}
    return answer.status_code, answer.json["error"]["code"]


def test_a_launch_names_the_addresses_of_its_services(here: Site) -> None:
    launch = here.launched()
    assert launch.document["services"]["members"] == f"{HTTPS}{launch.address('members')}"
    assert set(launch.document["services"]) == {"members", "groups", "lineitems", "scores", "results", "deep-link"}
    assert launch.document["may"]["submit_scores"] is True


def test_all_members_are_told_with_all_that_the_platform_said_of_them() -> None:
    here = site(roster=120)
    answer = here.launched().get("members")
    assert [member["user_id"] for member in answer.json] == [person.id for person in here.platform.members]
    learner = next(member for member in answer.json if member["user_id"] == "u-learner")
    assert (learner["name"], learner["questions"]) == (LEARNER.name, ["student"])
    assert learner["claims"]["roles"] == learner["roles"]
    assert learner["group_ids"] == ["group-north"]
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "no-store")
    assert answer.headers["X-LTI-Skipped"] == "0"


def test_members_can_be_asked_for_by_role_and_in_small_pages() -> None:
    here = site(roster=5)
    launch = here.launched()
    here.platform.requests.clear()
    found = launch.get("members", role="Learner", limit="2").json
    learners = [person.id for person in here.platform.members if STUDENT in person.roles]
    assert [member["user_id"] for member in found] == learners
    asked = [exchange.path for exchange in here.platform.requests.of("members")]
    assert len(asked) == -(-len(learners) // 2)
    assert "role=Learner" in asked[0]


def test_groups_come_with_the_names_of_their_sets(here: Site) -> None:
    groups = here.launched().get("groups").json
    assert [group["name"] for group in groups] == ["North pond", "South pond", "Markers"]
    assert groups[0]["sets"] == [{"id": "set-ponds", "name": "Ponds"}]
    assert groups[2]["hidden"] is True
    assert [group["id"] for group in here.launched().get("groups", user_id="u-learner").json] == ["group-north"]


def test_a_line_item_is_made_and_listed(here: Site) -> None:
    launch = here.launched()
    made = launch.post("lineitems", {"label": "Essay", "score_maximum": 20.5, "tag": "essay"})
    assert (made.status_code, made.json["label"], made.json["score_maximum"]) == (201, "Essay", 20.5)
    assert [item["id"] for item in launch.get("lineitems", tag="essay").json] == [made.json["id"]]
    assert len(launch.get("lineitems").json) == 2


def test_a_line_item_may_be_named_as_in_the_specification(here: Site) -> None:
    made = here.launched().post("lineitems", {"label": "Essay", "scoreMaximum": 5, "resourceId": "r-1"})
    assert (made.json["score_maximum"], made.json["resource_id"]) == (5, "r-1")


def test_a_score_goes_to_the_links_own_line_item(here: Site) -> None:
    answer = here.launched().post("scores", {**GOOD, "given": 7.25, "comment": "Good pond."})
    assert answer.status_code == 200
    assert answer.json["score"]["scoreGiven"] == 7.25
    assert answer.json["warnings"] == []
    grade = here.platform.gradebook["quiz-1"]["u-learner"]
    assert (grade.score, grade.comment) == (7.25, "Good pond.")


def test_a_score_may_go_to_a_line_item_by_its_tag_or_address(here: Site) -> None:
    launch = here.launched()
    assert launch.post("scores", {**GOOD, "tag": "essay"}).status_code == 200
    (item,) = launch.get("lineitems", tag="essay").json
    assert launch.post("scores", {**GOOD, "given": 9, "line_item": item["id"]}).json["line_item"] == item["id"]
    (result,) = launch.get("results", line_item=item["id"]).json
    assert (result["user_id"], result["score"], result["maximum"]) == ("u-learner", 9, 10)


@pytest.mark.parametrize("progress", ["Initialized", "Started", "InProgress", "Submitted", "Completed"])
def test_progress_is_passed_on(here: Site, progress: str) -> None:
    sent = {"user_id": "u-learner", "activity_progress": progress, "grading_progress": "Pending"}
    assert here.launched().post("scores", sent).json["score"]["activityProgress"] == progress
    assert here.platform.gradebook["quiz-1"]["u-learner"].activity_progress == progress


def test_results_are_those_of_the_gradebook(here: Site) -> None:
    launch = here.launched()
    launch.post("scores", GOOD)
    here.platform.gradebook.set_score("quiz-1", "u-learner", 9.5, "The teacher knows better.")
    (result,) = launch.get("results", user_id="u-learner").json
    assert (result["score"], result["comment"]) == (9.5, "The teacher knows better.")
    assert launch.get("results", user_id="u-other").json == []


ITEMS = [{"type": "ltiResourceLink", "title": "Pond", "lineItem": {"scoreMaximum": 5.5}}]


def test_picked_content_is_signed_for_the_platform(here: Site) -> None:
    launch = here.launched(message=here.platform.deep_linking())
    answer = launch.post("deep-link", {"items": ITEMS})
    received = here.platform.deep_linking_response(answer.json["return_url"], answer.json["jwt"])
    assert [link.title for link in received.links] == ["Pond"]


def test_the_samples_are_told_to_programs(here: Site) -> None:
    launch = here.launched(message=here.platform.deep_linking())
    offered = launch.get("deep-link").json
    assert launch.post("deep-link", {"items": offered["items"]}).status_code == 200
    assert offered["settings"]["accept_multiple"] is True


def test_a_launch_of_a_link_picks_no_content(here: Site) -> None:
    for answer in (here.launched().get("deep-link"), here.launched().post("deep-link", {"items": ITEMS})):
        assert refusal(answer) == (403, "deep_linking.not_requested")


SERVICES: list[Callable[[Launched], Any]] = [
    lambda launch: launch.get("members"),
    lambda launch: launch.get("groups"),
    lambda launch: launch.get("results"),
    lambda launch: launch.post("scores", GOOD),
    lambda launch: launch.post("lineitems", {"label": "Essay", "score_maximum": 5}),
]
NAMES = ["members", "groups", "results", "scores", "lineitems"]


@pytest.mark.parametrize("use", SERVICES, ids=NAMES)
def test_the_class_is_for_those_who_teach_it(here: Site, use: Callable[[Launched], Any]) -> None:
    for user in (LEARNER, OBSERVER, ANONYMOUS):
        assert refusal(use(here.launched(user))) == (403, "tool.role_required")
    for user in (TEACHER, ASSISTANT, DESIGNER):
        assert use(here.launched(user)).status_code < 300


def test_a_learner_sees_the_line_items(here: Site) -> None:
    assert [item["label"] for item in here.launched(LEARNER).get("lineitems").json] == ["Quiz 1"]


@pytest.mark.parametrize("use", [*SERVICES, lambda launch: launch.get("lineitems")], ids=[*NAMES, "list"])
def test_what_the_platform_did_not_offer_is_403(use: Callable[[Launched], Any]) -> None:
    status, code = refusal(use(site(scopes=()).launched()))
    assert status == 403
    assert code.endswith(".not_offered")


def test_a_scope_that_was_not_granted_is_403() -> None:
    launch = site(scopes=(scopes.SCORE,)).launched()
    assert refusal(launch.get("lineitems")) == (403, "service.scope_not_granted")
    assert refusal(launch.get("results")) == (403, "service.scope_not_granted")
    assert launch.post("scores", GOOD).status_code == 200


@pytest.mark.parametrize(
    ("at", "use"), [*zip(("members", "groups", "results", "scores", "line-items"), SERVICES, strict=True)], ids=NAMES
)
def test_what_the_platform_refuses_is_502(here: Site, at: str, use: Callable[[Launched], Any]) -> None:
    launch = here.launched()
    here.platform.misbehave("status", at=at, status=400)
    status, code = refusal(use(launch))
    assert status == 502
    assert code.startswith("service.")


def test_what_the_platform_refuses_on_a_later_page_is_502(here: Site) -> None:
    launch = here.launched()
    here.platform.misbehave("page-loop", at="members")
    assert refusal(launch.get("members")) == (502, "service.paging_loop")


def test_a_refused_score_tells_why(here: Site) -> None:
    answer = here.launched().post("scores", {**GOOD, "user_id": "u-nobody"})
    assert answer.status_code == 502
    assert answer.json["error"]["code"].startswith("service.ags.")


OTHER = Course(
    id="c-8", label="C-8", title="Chemistry 8", activities=(Activity(id="q-8", title="Q", description="", graded=True),)
)


def test_who_teaches_here_does_not_grade_in_another_course() -> None:
    here = site(courses=(BIOLOGY, OTHER))
    elsewhere = here.launched(activity="q-8").document["claims"][c.AGS_ENDPOINT]["lineitem"]
    launch = here.launched()
    assert refusal(launch.post("scores", {**GOOD, "line_item": elsewhere})) == (403, "tool.line_item_foreign")
    assert refusal(launch.get("results", line_item=elsewhere)) == (403, "tool.line_item_foreign")
    assert refusal(launch.get("results", line_item="https://evil.example/")) == (403, "tool.line_item_foreign")
    assert here.platform.gradebook["q-8"] == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b'{"user_id": "u", "user_id": "v"}', b'{"given": NaN}', b"\xff", b"[" * 5000,
     b'{"user": "u-learner"}', b'{"user_id": "u-learner", "tag": 5}',
     b'{"user_id": "u-learner", "tag": "a", "line_item": "https://b"}'],
)  # fmt: skip
@pytest.mark.parametrize("path", ["scores", "lineitems", "deep-link"])
def test_a_body_that_is_not_understood_is_400(here: Site, path: str, body: bytes) -> None:
    launch = here.launched(message=here.platform.deep_linking() if path == "deep-link" else None)
    answer = launch.client.post(launch.address(path), data=body, base_url=HTTPS, content_type="application/json")
    assert refusal(answer) == (400, "tool.body_malformed")


def test_an_unknown_member_is_refused_by_its_name(here: Site) -> None:
    answer = here.launched().post("scores", {**GOOD, "givn": 8})
    assert "'givn'" in answer.json["error"]["message"]


@pytest.mark.parametrize(
    ("path", "sent", "code"),
    [
        ("scores", {}, "service.ags.user_missing"),
        ("scores", {**GOOD, "user_id": 5}, "service.ags.user_missing"),
        ("scores", {**GOOD, "given": "8"}, "service.ags.score_given_invalid"),
        ("scores", {"user_id": "u-learner", "given": 8}, "service.ags.score_maximum_missing"),
        ("scores", {**GOOD, "grading_progress": ["x"]}, "service.ags.grading_progress_invalid"),
        ("scores", {**GOOD, "comment": {}}, "service.value_not_text"),
        ("lineitems", {}, "service.ags.label_missing"),
        ("lineitems", {"label": "Essay"}, "service.ags.score_maximum_invalid"),
        ("lineitems", {"label": "Essay", "score_maximum": 5, "scoreMaximum": 6}, "tool.body_malformed"),
        ("lineitems", {"label": "Essay", "score_maximum": 5, "tag": 5}, "service.value_not_text"),
        ("deep-link", {}, "tool.body_malformed"),
        ("deep-link", {"items": {}}, "deep_linking.item_malformed"),
        ("deep-link", {"items": [{"type": "link"}]}, "deep_linking.url_missing"),
    ],
)
def test_a_value_that_cannot_be_sent_is_400(here: Site, path: str, sent: Any, code: str) -> None:
    launch = here.launched(message=here.platform.deep_linking() if path == "deep-link" else None)
    assert refusal(launch.post(path, sent)) == (400, code)


def test_a_body_beyond_a_mebibyte_is_413(here: Site) -> None:
    launch = here.launched()
    assert refusal(launch.post("scores", {"comment": "x" * 1024 * 1024})) == (413, "tool.too_large")
    assert launch.post("scores", {**GOOD, "comment": "x" * 1024}).status_code == 200


@pytest.mark.parametrize("query", ["limit=x", "limit=1&limit=2", "limit=-1", "limit=%D9%A1"])
def test_a_parameter_that_is_not_understood_is_400(here: Site, query: str) -> None:
    launch = here.launched()
    answer = launch.client.get(f"{launch.address('members')}?{query}", base_url=HTTPS)
    assert refusal(answer) == (400, "tool.parameter_malformed")


def test_a_list_too_long_to_be_told_is_502(here: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lti_adapters.reference_tool.documents.MOST_BYTES", 500)
    assert refusal(here.launched().get("members")) == (502, "tool.list_too_long")


def test_an_unknown_launch_opens_nothing(here: Site) -> None:
    answer = here.client.get("/tool/launches/none/members", base_url=HTTPS)
    assert refusal(answer) == (400, "launch.not_remembered")


@pytest.mark.parametrize("use", SERVICES, ids=NAMES)
def test_where_the_id_is_not_enough_another_browser_does_nothing(use: Callable[[Launched], Any]) -> None:
    here = site(id_opens_launches=False)
    launch = here.launched()
    assert refusal(use(launch)) == (400, "launch.browser_mismatch")
    assert use(Launched(here.client, launch.document)).status_code < 300


def test_each_refusal_is_recorded_once(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    launch = here.launched(LEARNER)
    with caplog.at_level(logging.WARNING, logger="lti"):
        launch.get("members")
        launch.get("deep-link")
    said = [record.getMessage().split()[1] for record in caplog.records]
    assert said == ["tool.role_required", "deep_linking.not_requested"]


def test_numbers_keep_their_digits(here: Site) -> None:
    launch = here.launched()
    answer = launch.client.post(
        launch.address("scores"), data='{"user_id": "u-learner", "given": 0.30000000000000001, "maximum": 1}',
        base_url=HTTPS, content_type="application/json",
    )  # fmt: skip
    assert '"scoreGiven":0.30000000000000001' in answer.text


ELSEWHERE = [
    ("PUT", "/scores", 405, "POST"),
    ("GET", "/scores", 405, "POST"),
    ("DELETE", "/lineitems", 405, "GET, POST"),
    ("POST", "/members", 405, "GET"),
    ("OPTIONS", "/results", 405, "GET"),
    ("POST", "", 405, "GET"),
    ("GET", "/grades", 404, None),
    ("GET", "/members/", 404, None),
    ("POST", "/members/1", 404, None),
]


@pytest.mark.parametrize(("method", "path", "status", "allowed"), ELSEWHERE)
def test_another_method_and_another_address_are_refused_like_all_else(
    here: Site, method: str, path: str, status: int, allowed: str | None
) -> None:
    launch = here.launched()
    address = launch.address("").rstrip("/") + path
    for headers in (JSON, {}):
        answer = launch.client.open(address, method=method, base_url=HTTPS, headers=headers)
        assert refusal(answer) == (status, "tool.not_found" if status == 404 else "tool.method_not_allowed")
        assert (answer.headers["Cache-Control"], answer.headers.get("Allow")) == ("no-store", allowed)
    page = launch.client.open(address, method=method, base_url=HTTPS, headers=HTML)
    assert (page.status_code, page.mimetype, page.headers["Cache-Control"]) == (status, "text/html", "no-store")
    assert "Go back to the page of the launch" in page.text


def test_no_address_is_made_up_below_the_launches(here: Site) -> None:
    answer = here.client.get("/tool/launches/", base_url=HTTPS, headers=JSON)
    assert answer.status_code == 404


def test_each_refusal_elsewhere_is_recorded_once(here: Site, caplog: pytest.LogCaptureFixture) -> None:
    launch = here.launched()
    with caplog.at_level(logging.WARNING, logger="lti"):
        launch.get("scores")
        launch.get("nowhere", HTML)
    said = [record.getMessage().split()[1] for record in caplog.records]
    assert said == ["tool.method_not_allowed", "tool.not_found"]
