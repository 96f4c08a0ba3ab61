"""Open edX: whole classes or nothing, line items in one piece, whole maxima, and tokens without scopes."""

from collections.abc import Mapping

from attrs import frozen

from lti_adapters.simulator.courses import Course
from lti_adapters.simulator.profiles.paths import Paths
from lti_adapters.simulator.profiles.profile import ALL_SCOPES, Profile
from lti_adapters.simulator.services.answers import Call, Refused, answer
from lti_adapters.simulator.services.media_types import SCORE
from lti_adapters.simulator.services.span import Span
from lti_core import scopes
from lti_core.ports import HttpResponse


@frozen(kw_only=True)
class OpenEdx(Profile):
    """Open edX with its LTI consumer."""

    def refused(self, refusal: Refused, call: Call) -> HttpResponse:
        """One word, or one sentence."""
        name = "error" if refusal.error else "detail"
        return answer(refusal.status, {name: refusal.error or refusal.reason})

    def context(self, course: Course) -> dict[str, object]:
        """Only the id."""
        return {"id": course.id}

    def links(self, url: str, call: Call, span: Span) -> str:
        """None: line items come in one piece, and results are cut."""
        return ""

    def kept(self, sent: Mapping[str, object], refusal: str) -> dict[str, object]:
        """scoreMaximum is a whole number; something of the tool, or a link, must be named."""
        kept = Profile.kept(self, sent, refusal)
        if not isinstance(kept["scoreMaximum"], int):
            raise Refused(400, "A valid integer is required.")
        if not kept.get("resourceId") and not kept.get("resourceLinkId"):
            raise Refused(400, "resourceLinkId or resourceId is required.")
        return kept

    def line_item_id(self, number: int, activity_id: str | None) -> str:
        """Numbers."""
        return str(number)

    def scored(self, sent: Mapping[str, object], result_url: str) -> HttpResponse:
        """The score itself."""
        return answer(200, dict(sent), SCORE)


OPENEDX = OpenEdx(
    name="openedx",
    family="openedx",
    paths=Paths(
        token="/api/lti_consumer/v1/token/{deployment}",  # noqa: S106  # a path
        members="/api/lti_consumer/v1/lti/{course}/memberships",
        groups="",
        group_sets="",
        line_items="/api/lti_consumer/v1/lti/{course}/lti-ags",
        line_item="/api/lti_consumer/v1/lti/{course}/lti-ags/{line_item}",
    ),
    scopes=tuple(scope for scope in ALL_SCOPES if scope != scopes.GROUPS_READ),
    algorithms=frozenset({"RS256", "RS512"}),
    checks=frozenset({"exp"}),
    token_type="bearer",  # noqa: S106  # a word
    grants_nothing=True,
    page_size=None,
    page_by="page",
    limit_checked=False,
    members_at_once=1000,
    outdated=400,
    delete_coupled=None,
    accept_types=("ltiResourceLink", "link", "html", "image"),
)
