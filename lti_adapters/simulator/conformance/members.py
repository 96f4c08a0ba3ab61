"""Names and roles: the class list, whole, and whatever members lack."""

from collections.abc import Iterable

from attrs import evolve

from lti_adapters.simulator.conformance.service_case import ServiceCase, Trial, demand, failures
from lti_adapters.simulator.people import STUDENT, Person

AREA = "Names and roles"
MANY = 150  # more than a page holds, where the tool names no size
NAMELESS = Person(id="u-nameless", login="nameless", about="has no name", roles=(STUDENT,))
WITHOUT_ROLES = evolve(NAMELESS, id="u-no-role", login="no-role", roles=())


def _all_pages(trial: Trial) -> None:
    many = (evolve(NAMELESS, id=f"u-visitor-{number}", name=f"Visitor {number}") for number in range(MANY))
    with trial.enrolled(*many):
        _whole(trial, trial.uses("members"))


def _empty_page(trial: Trial) -> None:
    trial.platform.misbehave("empty-pages", at="members", pages=2)
    _whole(trial, trial.uses("members"))


def _nameless(trial: Trial) -> None:
    with trial.enrolled(NAMELESS, WITHOUT_ROLES):
        _whole(trial, trial.uses("members"))


def _of_link(trial: Trial) -> None:
    _whole(trial, trial.uses("members_of_link"))
    asked = [exchange.path for exchange in trial.platform.requests if "members" in exchange.kind]
    demand(any("rlid=quiz-1" in path for path in asked), "must name the link that was launched as rlid")


def _loop(trial: Trial) -> None:
    _badly_linked(trial, "page-loop")


def _other_host(trial: Trial) -> None:
    _badly_linked(trial, "foreign-page")


def _badly_linked(trial: Trial, kind: str) -> None:
    trial.platform.misbehave(kind, at="members")
    trial.fails("members")
    demand(bool(trial.platform.requests.of("members")), "must ask for the first page")


def _whole(trial: Trial, found: Iterable[str]) -> None:
    there, told = {str(person.id) for person in trial.platform.members}, set(found)
    missing, strangers = sorted(there - told), sorted(told - there)
    demand(not missing, f"must read all {len(there)} members; {len(missing)} are missing, as {missing[:1]}")
    demand(not strangers, f"must read no others: {strangers[:3]}")
    refused = [
        exchange.problem for exchange in trial.platform.requests.of("members") if exchange.status not in (200, 401)
    ]
    demand(not refused, f"must ask as the service demands: {refused}")


CASES = (
    ServiceCase(f"{AREA}: all pages", ("members",), _all_pages),
    ServiceCase(f"{AREA}: an empty page is not the last", ("members",), _empty_page),
    ServiceCase(f"{AREA}: members without names or roles", ("members",), _nameless),
    ServiceCase(f"{AREA}: rlid", ("members_of_link",), _of_link),
    ServiceCase(f"{AREA}: a next page that was read before", ("members",), _loop),
    ServiceCase(f"{AREA}: a next page at another host", ("members",), _other_host),
    *failures(AREA, "members", "members"),
)
