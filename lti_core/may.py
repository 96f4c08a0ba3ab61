"""May: what a platform allows a tool at its services. Asked before any request, answered from claims and scopes."""

from attrs import frozen

from lti_core import scopes
from lti_core.claims import Endpoint, GroupsService, NamesRoleService
from lti_core.errors import AccessRefused


@frozen
class _Question:
    """What must be there: a claim, an address in it (one of several), a scope (one of several), and a version.

    Attributes:
        scopes_optional: whether a claim that lists no scopes at all grants what is asked.
    """

    claim: str
    missing: str
    what: str
    spec: str
    addresses: tuple[str, ...] = ()
    address_missing: str = ""
    scopes: tuple[str, ...] = ()
    scopes_optional: bool = False
    version: str = ""


_AGS, _NRPS, _GROUPS = "AGS 2.0 §3.1", "NRPS 2.0 §3.6.1.1", "Course Groups 1.0 §3.1"


def _grades(what: str, *allowed: str, addresses: tuple[str, ...] = ("line_item", "line_items")) -> _Question:
    missing, none = "service.ags.not_offered", "service.ags.no_line_item"
    return _Question("endpoint", missing, what, _AGS, addresses, none, allowed)


def _groups(what: str, address: str, none: str) -> _Question:
    missing, allowed = "service.groups.not_offered", (scopes.GROUPS_READ,)
    return _Question("groups_service", missing, what, _GROUPS, (address,), none, allowed, scopes_optional=True)


_QUESTIONS = {
    "read_members": _Question(
        "names_role_service",
        "service.nrps.not_offered",
        "read the class list",
        _NRPS,
        ("context_memberships_url",),
        "service.nrps.url_missing",
        version="2.0",
    ),
    "read_groups": _groups("read the course's groups", "context_groups_url", "service.groups.not_offered"),
    "read_group_sets": _groups(
        "read the course's group sets", "context_group_sets_url", "service.groups.sets_not_offered"
    ),
    "list_line_items": _grades("list line items", scopes.LINE_ITEM_READ, scopes.LINE_ITEM, addresses=("line_items",)),
    "read_line_items": _grades("read line items", scopes.LINE_ITEM_READ, scopes.LINE_ITEM),
    "create_line_items": _grades("create line items", scopes.LINE_ITEM, addresses=("line_items",)),
    "change_line_items": _grades("change line items", scopes.LINE_ITEM),
    "submit_scores": _grades("submit scores", scopes.SCORE),
    "read_results": _grades("read results", scopes.RESULT_READ),
}


@frozen
class May:
    """Each question has a property of its name; `demand` refuses where the answer is no, and says what is missing."""

    endpoint: Endpoint | None = None
    names_role_service: NamesRoleService | None = None
    groups_service: GroupsService | None = None

    @property
    def read_members(self) -> bool:
        """Read the class list."""
        return self._refusal("read_members") is None

    @property
    def read_groups(self) -> bool:
        """Read the course's groups."""
        return self._refusal("read_groups") is None

    @property
    def read_group_sets(self) -> bool:
        """Read the sets that the course's groups belong to."""
        return self._refusal("read_group_sets") is None

    @property
    def list_line_items(self) -> bool:
        """List the course's line items of this tool."""
        return self._refusal("list_line_items") is None

    @property
    def read_line_items(self) -> bool:
        """Read a line item whose address is known."""
        return self._refusal("read_line_items") is None

    @property
    def create_line_items(self) -> bool:
        """Create line items."""
        return self._refusal("create_line_items") is None

    @property
    def change_line_items(self) -> bool:
        """Change or delete a line item."""
        return self._refusal("change_line_items") is None

    @property
    def submit_scores(self) -> bool:
        """Submit scores: to the link's own line item, or to others whose address is known."""
        return self._refusal("submit_scores") is None

    @property
    def read_results(self) -> bool:
        """Read results of a line item."""
        return self._refusal("read_results") is None

    @property
    def questions(self) -> dict[str, bool]:
        """All questions, and their answers."""
        return {question: self._refusal(question) is None for question in _QUESTIONS}

    def demand(self, question: str) -> None:
        """Refuse when the answer to `question`, one of the names above, is no.

        Raises:
            AccessRefused: `service.scope_not_granted`; `service.ags.not_offered`, `service.ags.no_line_item`,
                `service.nrps.not_offered`, `service.nrps.url_missing`, `service.nrps.version_unsupported`,
                `service.groups.not_offered`, `service.groups.sets_not_offered`.
        """
        if refusal := self._refusal(question):
            raise refusal

    def _refusal(self, question: str) -> AccessRefused | None:
        asked = _QUESTIONS[question]
        claim = getattr(self, asked.claim)
        if claim is None:
            message = f"The platform did not offer this tool to {asked.what}. Ask its administrator to switch that on."
            return AccessRefused(asked.missing, message, asked.spec, asked.claim)
        named = [name for name in asked.addresses if getattr(claim, name)]
        if asked.addresses and not named:
            message = f"The platform named no address to {asked.what} at, in this launch."
            return AccessRefused(asked.address_missing, message, asked.spec, " or ".join(asked.addresses))
        if asked.version and claim.service_versions and asked.version not in claim.service_versions:
            message = f"The platform lets this tool {asked.what}, but not in version {asked.version}."
            found = " ".join(claim.service_versions)
            return AccessRefused("service.nrps.version_unsupported", message, asked.spec, asked.version, found)
        silent = asked.scopes_optional and not claim.scopes
        if asked.scopes and not silent and set(asked.scopes).isdisjoint(claim.scopes):
            message = (
                f"The platform does not let this tool {asked.what}. Ask its administrator to grant the scope"
                f" {asked.scopes[-1]}."
            )
            found = " ".join(claim.scopes)
            return AccessRefused("service.scope_not_granted", message, asked.spec, " or ".join(asked.scopes), found)
        return None
