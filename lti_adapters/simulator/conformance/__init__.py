"""The cases of the certification suite, and more, for a tool of your own.

    from lti_adapters.simulator import conformance

    @pytest.mark.parametrize("case", conformance.CASES, ids=str)
    def test_conformance(case, lti_platform, client):
        case.run(lti_platform, client)

`CORE` needs a tool that handles resource links, `DEEP_LINKING` one that handles deep linking requests; `CASES`, which
is also `lti_platform.conformance`, holds both. One demand is left out, as nobody can make it from outside: that a
login begun too long ago is refused.

What a tool does at the services of a platform is judged by `SERVICES`. How it is made to use them differs from tool to
tool: `EntryPoints` say so, and `services_of(entry_points)` are the cases that can be run with them:

    MINE = conformance.EntryPoints(members=lambda client, page: page.json["class"])

    @pytest.mark.parametrize("case", conformance.services_of(MINE), ids=str)
    def test_services(case, lti_platform, client):
        case.run(lti_platform, client, MINE)

Source: 1EdTech LTI Advantage certification, by the names of its cases; the rest has names of ours.
"""

from lti_adapters.simulator import accepted
from lti_adapters.simulator.broken import BROKEN
from lti_adapters.simulator.conformance import deep_linking, grades, members
from lti_adapters.simulator.conformance.entry_points import EntryPoints, NotDone, done
from lti_adapters.simulator.conformance.launches import Case
from lti_adapters.simulator.conformance.reference_tool import REFERENCE_TOOL
from lti_adapters.simulator.conformance.service_case import ServiceCase

__all__ = [
    "CASES",
    "CORE",
    "DEEP_LINKING",
    "REFERENCE_TOOL",
    "SERVICES",
    "Case",
    "EntryPoints",
    "NotDone",
    "ServiceCase",
    "done",
    "services_of",
]

CORE: tuple[Case, ...] = tuple(map(Case, (*BROKEN, *accepted.SUITE, *accepted.ALSO)))
DEEP_LINKING: tuple[Case, ...] = tuple(map(Case, accepted.DEEP_LINKING))
CASES: tuple[Case, ...] = (*CORE, *DEEP_LINKING)
SERVICES: tuple[ServiceCase, ...] = (*deep_linking.CASES, *members.CASES, *grades.CASES)


def services_of(entry_points: EntryPoints) -> tuple[ServiceCase, ...]:
    """The cases of `SERVICES` for what a tool can be made to do."""
    return tuple(case for case in SERVICES if entry_points.has(*case.needs))
