"""What a launch allows, question by question: with the claim, an address and a scope that suffice, and without each."""

from typing import Any

import pytest
from attrs import evolve

from lti_core import scopes
from lti_core.claims import Endpoint, GroupsService, NamesRoleService
from lti_core.errors import AccessRefused
from lti_core.may import May

ITEMS, ITEM = "https://lms.example/lineitems", "https://lms.example/lineitems/1"
BOTH = {"line_items": ITEMS, "line_item": ITEM}
ONLY_LIST, ONLY_ITEM, NOWHERE = {"line_items": ITEMS}, {"line_item": ITEM}, dict[str, str]()
READING, WRITING = scopes.LINE_ITEM_READ, scopes.LINE_ITEM
AGS_SCOPES = (scopes.LINE_ITEM, scopes.LINE_ITEM_READ, scopes.RESULT_READ, scopes.SCORE)

NOT_OFFERED, NO_LINE_ITEM, NOT_GRANTED = (
    "service.ags.not_offered", "service.ags.no_line_item", "service.scope_not_granted",
)  # fmt: skip

SUFFICIENT = {  # each of the scopes alone
    "list_line_items": (READING, WRITING),
    "read_line_items": (READING, WRITING),
    "create_line_items": (WRITING,),
    "change_line_items": (WRITING,),
    "submit_scores": (scopes.SCORE,),
    "read_results": (scopes.RESULT_READ,),
}
ADDRESSES = [  # by question: what the claim names, and whether that is enough
    ("list_line_items", ONLY_LIST, True),
    ("list_line_items", ONLY_ITEM, False),
    ("list_line_items", NOWHERE, False),
    ("read_line_items", ONLY_LIST, True),
    ("read_line_items", ONLY_ITEM, True),
    ("read_line_items", NOWHERE, False),
    ("create_line_items", ONLY_LIST, True),
    ("create_line_items", ONLY_ITEM, False),
    ("create_line_items", NOWHERE, False),
    ("change_line_items", ONLY_LIST, True),
    ("change_line_items", ONLY_ITEM, True),
    ("change_line_items", NOWHERE, False),
    ("submit_scores", ONLY_LIST, True),
    ("submit_scores", ONLY_ITEM, True),
    ("submit_scores", NOWHERE, False),
    ("read_results", ONLY_LIST, True),
    ("read_results", ONLY_ITEM, True),
    ("read_results", NOWHERE, False),
]
MEMBERS = NamesRoleService(context_memberships_url="https://lms.example/members")
GROUPS = GroupsService(context_groups_url="https://lms.example/groups")
SETS = GroupsService(
    context_groups_url="https://lms.example/groups", context_group_sets_url="https://lms.example/group-sets"
)


def refusal(may: May, question: str) -> str | None:
    """The code that `question` is refused with; all ways to ask agree."""
    allowed = getattr(may, question)
    assert may.questions[question] is allowed
    try:
        may.demand(question)
    except AccessRefused as error:
        assert not allowed
        return error.code
    assert allowed
    return None


def grades(granted: tuple[str, ...], addresses: dict[str, str]) -> May:
    return May(endpoint=Endpoint(scopes=granted, **addresses))


def test_every_question_is_in_one_of_the_tables() -> None:
    assert set(May().questions) == {*SUFFICIENT, "read_members", "read_groups", "read_group_sets"}


@pytest.mark.parametrize("question", SUFFICIENT)
def test_without_a_gradebook_nothing_of_it_is_allowed(question: str) -> None:
    assert refusal(May(names_role_service=MEMBERS, groups_service=SETS), question) == NOT_OFFERED


@pytest.mark.parametrize("question", SUFFICIENT)
def test_each_scope_that_suffices_does_so_alone_and_no_other_does(question: str) -> None:
    for scope in AGS_SCOPES:
        answer = refusal(grades((scope,), BOTH), question)
        assert answer == (None if scope in SUFFICIENT[question] else NOT_GRANTED)


@pytest.mark.parametrize("question", SUFFICIENT)
def test_what_is_missing_is_named_for_the_administrator(question: str) -> None:
    with pytest.raises(AccessRefused) as refused:
        grades((scopes.MEMBERS_READ,), BOTH).demand(question)
    assert refused.value.expected == " or ".join(SUFFICIENT[question])
    assert refused.value.found == scopes.MEMBERS_READ
    assert SUFFICIENT[question][-1] in refused.value.message


@pytest.mark.parametrize(("question", "addresses", "enough"), ADDRESSES)
def test_a_question_needs_an_address(question: str, addresses: dict[str, str], enough: bool) -> None:
    assert refusal(grades(AGS_SCOPES, addresses), question) == (None if enough else NO_LINE_ITEM)


@pytest.mark.parametrize(
    ("question", "claims", "code"),
    [
        ("read_members", {"names_role_service": MEMBERS}, None),
        ("read_members", {"groups_service": SETS}, "service.nrps.not_offered"),
        ("read_groups", {"groups_service": GROUPS}, None),
        ("read_groups", {"names_role_service": MEMBERS}, "service.groups.not_offered"),
        ("read_group_sets", {"groups_service": SETS}, None),
        ("read_group_sets", {"groups_service": GROUPS}, "service.groups.sets_not_offered"),
        ("read_group_sets", {"names_role_service": MEMBERS}, "service.groups.not_offered"),
        (
            "read_members",
            {"names_role_service": evolve(MEMBERS, context_memberships_url="")},
            "service.nrps.url_missing",
        ),
        ("read_groups", {"groups_service": evolve(GROUPS, context_groups_url="")}, "service.groups.not_offered"),
        (
            "read_group_sets",
            {"groups_service": evolve(SETS, context_group_sets_url="")},
            "service.groups.sets_not_offered",
        ),
    ],
)
def test_people_and_groups_need_their_claim(question: str, claims: dict[str, Any], code: str | None) -> None:
    assert refusal(May(**claims), question) == code


@pytest.mark.parametrize(
    ("versions", "code"),
    [
        ((), None),
        (("2.0",), None),
        (("1.0", "2.0"), None),
        (("1.0",), "service.nrps.version_unsupported"),
        (("2",), "service.nrps.version_unsupported"),
    ],
)
def test_a_class_list_of_another_version_is_not_read(versions: tuple[str, ...], code: str | None) -> None:
    assert refusal(May(names_role_service=evolve(MEMBERS, service_versions=versions)), "read_members") == code


@pytest.mark.parametrize("question", ["read_groups", "read_group_sets"])
def test_the_scopes_of_the_groups_are_a_limit_where_there_are_any(question: str) -> None:
    for granted, code in (((), None), ((scopes.GROUPS_READ,), None), (("https://lms.example/other",), NOT_GRANTED)):
        assert refusal(May(groups_service=evolve(SETS, scopes=granted)), question) == code
