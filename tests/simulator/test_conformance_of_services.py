"""The conformance cases of the services against tools that do something wrong: each of them is found out."""

from typing import Any

import pytest

from lti_adapters.simulator import conformance
from lti_adapters.simulator.clients import Page
from lti_adapters.simulator.conformance import EntryPoints, NotDone, done
from lti_core.services.scores import Score
from tests.simulator.services.asking import Asking, read

EVERY = ("pick", "members", "members_of_link", "line_items", "create_line_item", "change_line_item")
EVERY = (*EVERY, "delete_line_item", "submit", "results")
A_RESULT_WITHOUT_A_SCORE = "Assignments and grades: a result without a score"


def page(text: str, status: int = 200) -> Page:
    return Page(status=status, url="https://localhost/", text=text, headers={})


def idle(name: str, nothing: Any) -> Any:
    return lambda *_: page("") if name == "pick" else nothing


IDLE = EntryPoints(**{name: idle(name, {} if name == "results" else ()) for name in EVERY})


def refusing(status: int) -> EntryPoints:
    def refuses(*_: Any) -> Any:
        raise NotDone(status)

    return EntryPoints(**dict.fromkeys(EVERY, refuses))


def named(name: str) -> conformance.ServiceCase:
    return next(case for case in conformance.SERVICES if case.name == name)


@pytest.mark.parametrize(
    "case", [case for case in conformance.SERVICES if case.name != A_RESULT_WITHOUT_A_SCORE], ids=str
)
def test_a_tool_that_does_nothing_and_says_that_all_is_well_fails(case, platform, client):
    with pytest.raises(AssertionError, match=r"must|has no form"):
        case.run(platform, client, IDLE)


@pytest.mark.parametrize("case", conformance.SERVICES, ids=str)
@pytest.mark.parametrize("status", [502, 500])
def test_a_tool_that_can_do_nothing_fails(case, status, platform, client):
    with pytest.raises(AssertionError, match=str(case)[:20]):
        case.run(platform, client, refusing(status))


class Careless:
    """Uses the services without care: one page, parts of line items, times that stand still."""

    def __init__(self, platform: Any) -> None:
        self.platform = platform
        self.answered: list[int] = []

    @property
    def asking(self) -> Asking:
        return Asking(self.platform)

    def members(self, *_: Any) -> list[str]:
        answer = self.asking.get("members", self.asking.members_url)
        return [member["user_id"] for member in read(answer)["members"]]

    def change_line_item(self, _: Any, __: Any, tag: str, label: str) -> None:
        asking = self.asking
        [item] = [item for item in read(asking.get("line-items", asking.line_items_url)) if item.get("tag") == tag]
        asking.put_in("line-item", item["id"], {"label": label, "scoreMaximum": item["scoreMaximum"]}, "PUT")

    def submit(self, _: Any, __: Any, score: Score) -> None:
        sent = {"scoreGiven": score.given, "scoreMaximum": score.maximum}
        self.asking.score(score.user_id, **sent)

    def submit_until_it_is_taken(self, _: Any, __: Any, score: Score) -> None:
        while (answer := self.asking.score(score.user_id)).status not in (204, 409):
            self.answered.append(answer.status)
            self.platform.clock.advance(seconds=1)

    def results(self, *_: Any) -> dict[str, float]:
        return {result["userId"]: result.get("resultScore", 0) for result in read(self.asking.results())}


@pytest.mark.parametrize(
    ("name", "entry_point", "does", "problem"),
    [
        ("Names and roles: all pages", "members", "members", "are missing"),
        ("Names and roles: an empty page is not the last", "members", "members", "are missing"),
        ("Names and roles: rlid", "members_of_link", "members", "as rlid"),
        ("Assignments and grades: update a line item", "change_line_item", "change_line_item", "what is not changed"),
        ("Assignments and grades: score Started, FullyGraded", "submit", "submit", "the score as it is"),
        ("Assignments and grades: a second score", "submit", "submit", "a score that is taken"),
        ("Assignments and grades: a score whose answer was lost", "submit", "submit_until_it_is_taken", "same time"),
        (A_RESULT_WITHOUT_A_SCORE, "results", "results", "for one"),
    ],
)
def test_a_careless_tool_is_told_what_it_must_do(name, entry_point, does, problem, platform, client):
    careless = getattr(Careless(platform), does)
    with pytest.raises(AssertionError, match=problem):
        named(name).run(platform, client, EntryPoints(**{entry_point: careless}))


def test_a_tool_that_breaks_where_the_platform_refuses_fails(platform, client):
    def breaks(*_: Any) -> None:
        asking = Asking(platform)
        if asking.get("members", asking.members_url).status != 200:
            raise NotDone(500, "Traceback")

    with pytest.raises(AssertionError, match="must explain the failure"):
        named("Names and roles: 404, and all is well later").run(platform, client, EntryPoints(members=breaks))


def test_a_tool_that_never_gives_up_fails(platform, client):
    def stubborn(*_: Any) -> None:
        asking = Asking(platform)
        for _again in range(20):
            asking.get("members", asking.members_url)
        raise NotDone(502)

    with pytest.raises(AssertionError, match="tried 20 times"):
        named("Names and roles: 401 that does not end").run(platform, client, EntryPoints(members=stubborn))


def test_answers_to_deep_linking_that_are_not_taken_are_told(platform, client):
    forged = "<form action='{}'><input name=JWT value=forged></form>"

    def pick(*_: Any) -> Page:
        return page(forged.format("https://elsewhere.example/deep-links"))

    with pytest.raises(AssertionError, match=r"platform\.request_unknown"):
        named("Deep linking: response").run(platform, client, EntryPoints(pick=pick))


def test_the_cases_are_those_of_what_a_tool_can_be_made_to_do():
    assert conformance.services_of(EntryPoints()) == ()
    assert conformance.services_of(IDLE) == conformance.SERVICES
    only_members = conformance.services_of(EntryPoints(members=lambda *_: ()))
    assert {case.needs for case in only_members} == {("members",)}


def test_every_case_has_a_name_of_its_own():
    names = [str(case) for case in (*conformance.CASES, *conformance.SERVICES)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", EVERY)
def test_every_entry_point_has_a_case(name):
    assert any(name in case.needs for case in conformance.SERVICES)


def test_what_was_done_is_answered_with_2xx():
    made = page("made", 201)
    assert done(made) is made
    with pytest.raises(NotDone, match="the tool answered 404: gone") as failure:
        done(page("gone", 404))
    assert failure.value.status == 404


def test_a_case_leaves_the_platform_as_it_was(platform, client):
    members = list(platform.members)
    with pytest.raises(AssertionError):
        named("Names and roles: all pages").run(platform, client, EntryPoints(members=Careless(platform).members))
    with pytest.raises(AssertionError):
        named("Assignments and grades: 404, and all is well later").run(platform, client, IDLE)
    assert list(platform.members) == members
    assert platform.gradebook.history == ()
    assert Asking(platform).score().status == 204
