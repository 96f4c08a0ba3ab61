"""Groups of a course, and their sets."""

from typing import Any

import pytest
from attrs import evolve

from lti_core.errors import InvalidValue, ServiceFailed
from lti_core.ports import MIB
from lti_core.scopes import GROUPS_READ
from lti_core.services.groups import GetGroups, GetGroupSets, Group, GroupSet
from tests.services.recorded import answer

GROUPS = "https://lms.example/c/3/groups?b=1"
SETS = "https://lms.example/c/3/groupsets"
RED = {"id": "g-1", "name": "Red", "tag": "lab", "set_ids": ["s-1", "s-2"], "hidden": True, "https://v.example/x": 1}


def read(**changes: object) -> Group:
    (group,) = GetGroups(url=GROUPS).read_response(answer(200, {"groups": [{**RED, **changes}]})).items
    return group


def test_groups_and_sets_are_asked_for() -> None:
    groups = GetGroups(url=GROUPS, user_id="u/42", limit=5).to_request()
    sets = GetGroupSets(url=SETS, limit=5).to_request()
    assert (groups.method, groups.url) == ("GET", f"{GROUPS}&user_id=u%2F42&limit=5")
    assert groups.headers == {"Accept": "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"}
    assert (sets.method, sets.url) == ("GET", f"{SETS}?limit=5")
    assert sets.headers == {"Accept": "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"}
    assert groups.max_bytes == sets.max_bytes == 32 * MIB
    for command in (GetGroups, GetGroupSets):
        assert command.scopes == (GROUPS_READ,)
        assert command.repeat.after_silence


def test_a_group_is_read() -> None:
    group = read()
    assert (group.id, group.name, group.tag, group.set_ids, group.hidden) == ("g-1", "Red", "lab", ("s-1", "s-2"), True)
    assert group.claims == RED
    bare = read(tag=None, set_ids=None, hidden=None)
    assert (bare.tag, bare.set_ids, bare.hidden) == (None, (), False)


@pytest.mark.parametrize("draft", ["s-9", ["s-9"]])
def test_a_single_set_of_an_earlier_draft_is_a_list_of_one(draft: object) -> None:
    assert read(set_ids=None, set_id=draft).set_ids == ("s-9",)
    assert read(set_id=draft).set_ids == ("s-1", "s-2")


def test_known_quirks_are_read() -> None:
    assert read(id=7).id == "7"
    assert read(hidden="false").hidden is False
    assert read(tag="").tag is None


def test_sets_are_read() -> None:
    page = GetGroupSets(url=SETS).read_response(
        answer(200, {"id": SETS, "sets": [{"id": "s-1", "name": "Labs"}, {"id": "s-2"}]})
    )
    (found,) = page.items
    assert isinstance(found, GroupSet)
    assert (found.id, found.name, found.tag, found.hidden) == ("s-1", "Labs", None, False)
    assert [(skipped.position, skipped.code) for skipped in page.skipped] == [(2, "service.groups.response_malformed")]


@pytest.mark.parametrize(
    "changes",
    [{"id": None}, {"name": None}, {"name": []}, {"set_ids": {}}, {"hidden": "perhaps"}, {"set_ids": [None]}],
)
def test_a_malformed_group_is_left_out_and_told(changes: dict[str, object]) -> None:
    page = GetGroups(url=GROUPS).read_response(answer(200, {"groups": [{**RED, **changes}, RED, 5]}))
    assert [group.id for group in page.items] == ["g-1"]
    assert [skipped.position for skipped in page.skipped] == [1, 3]


def test_numbers_where_texts_belong_lose_no_group() -> None:
    for sent in ({"set_ids": [5]}, {"set_ids": 5}, {"set_ids": None, "set_id": 5}):
        (group,) = GetGroups(url=GROUPS).read_response(answer(200, {"groups": [{**RED, "name": 7, **sent}]})).items
        assert (group.name, group.set_ids) == ("7", ("5",))
    (found,) = GetGroupSets(url=SETS).read_response(answer(200, {"sets": [{"id": 1, "name": 7}]})).items
    assert (found.id, found.name) == ("1", "7")


def test_groups_of_an_empty_user_are_not_those_of_everybody() -> None:
    with pytest.raises(InvalidValue, match=r"service\.filter_empty"):
        GetGroups(url=GROUPS, user_id="")


def test_pages_follow_one_another() -> None:
    for command, name in (
        (GetGroups(url=GROUPS, user_id="u", limit=1), "groups"),
        (GetGroupSets(url=SETS, limit=1), "sets"),
    ):
        page: Any = command.read_response(answer(200, {name: [RED]}, link="<?page=2>; rel=next"))
        assert page.next == evolve(command, page_url=f"{command.url.partition('?')[0]}?page=2")
        assert page.next.to_request().url == page.next.page_url
        assert page.next.read_response(answer(200, {name: []})).next is None
        with pytest.raises(ServiceFailed) as refusal:
            command.read_response(answer(200, {name: []}, link="<https://evil.example/>; rel=next"))
        assert refusal.value.code == "http.url_refused"


@pytest.mark.parametrize("body", [b"", b"x", {}, [], {"groups": {}, "sets": 5}, {"groups": None, "sets": None}])
def test_what_is_no_list_of_groups_is_refused(body: Any) -> None:
    for command in (GetGroups(url=GROUPS), GetGroupSets(url=SETS)):
        with pytest.raises(ServiceFailed) as refusal:
            command.read_response(answer(200, body))
        assert refusal.value.code == "service.groups.response_malformed"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "service.unauthorized"),
        (403, "service.forbidden"),
        (404, "service.not_found"),
        (500, "service.unavailable"),
    ],
)
def test_a_refusal_has_its_code(status: int, code: str) -> None:
    for command in (GetGroups(url=GROUPS), GetGroupSets(url=SETS)):
        with pytest.raises(ServiceFailed) as refusal:
            command.read_response(answer(status))
        assert (refusal.value.code, refusal.value.status) == (code, status)


@pytest.mark.parametrize("limit", [0, -1, True, "5"])
def test_a_limit_is_a_whole_number_from_one_up(limit: Any) -> None:
    for make in (lambda: GetGroups(url=GROUPS, limit=limit), lambda: GetGroupSets(url=SETS, limit=limit)):
        with pytest.raises(InvalidValue) as wrong:
            make()
        assert wrong.value.code == "service.groups.limit_invalid"
