"""What has changed in a class list since it was read (NRPS 2.0, Membership differences).

All pages of a reading name the last change when it began (`as_of`). The address of the differences does so, too
(`since`): what changes between two pages is told the next time.
"""

from collections.abc import Callable, Mapping

from attrs import evolve, frozen

from lti_adapters.simulator.changes import Changes, Forgotten
from lti_adapters.simulator.people import Person
from lti_adapters.simulator.roster import Roster
from lti_adapters.simulator.services.addresses import with_query
from lti_adapters.simulator.services.answers import Call, Refused
from lti_adapters.simulator.services.paging import whole_number
from lti_core.ports import HttpResponse

AS_OF, SINCE = "as_of", "since"
FILTERS = ("role", "rlid", "groups", "limit")


@frozen
class Gone:
    """Somebody who is in the list no more, as they were."""

    person: Person


def is_of_changes(call: Call) -> bool:
    """Whether changes are asked for, rather than everybody."""
    return SINCE in call.query


def read_as_of(call: Call, changes: Changes) -> int:
    """The last change when the reading began that `call` belongs to."""
    return whole_number(call.query[AS_OF]) if AS_OF in call.query else changes.made


def of_reading(kept: Mapping[str, str], as_of: int) -> dict[str, str]:
    """The query of a later page of the reading."""
    return {**kept, AS_OF: str(as_of)}


def changed(call: Call, roster: Roster, as_of: int, wanted: Callable[[Person], bool]) -> tuple[Person | Gone, ...]:
    """Who came, changed or went. Those who are `wanted` no more went as well.

    Raises:
        Refused: 410, too much has happened since.
    """
    try:
        before = roster.changes.between(whole_number(call.query[SINCE]), as_of)
    except Forgotten as error:
        raise Refused(410, "It is not known any more what has changed since then.") from error
    entries = (_entry(roster.find(user_id), person, wanted) for user_id, person in before.items())
    return tuple(entry for entry in entries if entry is not None)


def leading_to_changes(page: HttpResponse, url: str, kept: Mapping[str, str], as_of: int) -> HttpResponse:
    """The last page of a reading, with the address of what will have changed since."""
    filters = {name: kept[name] for name in FILTERS if name in kept}
    address = with_query(url, {**filters, SINCE: str(as_of)})
    return evolve(page, headers={**page.headers, "link": f'<{address}>; rel="differences"'})


def _entry(now: Person | None, before: Person | None, wanted: Callable[[Person], bool]) -> Person | Gone | None:
    if now is not None and wanted(now):
        return now
    return Gone(before) if before is not None and wanted(before) else None
