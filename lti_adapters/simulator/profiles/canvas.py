"""Canvas: small pages, old scores are 400, learners only, and the line item of an assignment stays."""

from collections.abc import Mapping

from attrs import frozen

from lti_adapters.simulator.profiles.paths import Paths
from lti_adapters.simulator.profiles.profile import ALL_SCOPES, Profile
from lti_adapters.simulator.services.answers import JSON, Call, Refused, answer
from lti_adapters.simulator.services.span import Span
from lti_core import scopes
from lti_core.ports import HttpResponse


@frozen(kw_only=True)
class Canvas(Profile):
    """Canvas, as its source and documentation say."""

    def refused(self, refusal: Refused, call: Call) -> HttpResponse:
        """A list of errors."""
        reason = "Refusing score with an earlier timestamp" if refusal.error == "outdated" else refusal.reason
        return answer(refusal.status, {"errors": [{"message": reason}]}, self.typed(JSON))

    def links(self, url: str, call: Call, span: Span) -> str:
        """Current, next, first and last page."""
        size = span.size or 1
        places = {"current": span.start}
        if span.has_more:
            places["next"] = span.stop
        places |= {"first": 0, "last": max(span.total - 1, 0) // size * size}
        return ", ".join(
            f'<{span.at(place, url, call.query, self.page_by)}>; rel="{relation}"' for relation, place in places.items()
        )

    def line_item_id(self, number: int, activity_id: str | None) -> str:
        """Numbers."""
        return str(number)

    def scored(self, sent: Mapping[str, object], result_url: str) -> HttpResponse:
        """200, and where the result is."""
        return answer(200, {"resultUrl": result_url}, self.typed(JSON))


CANVAS = Canvas(
    name="canvas",
    family="canvas",
    paths=Paths(
        token="/login/oauth2/token",  # noqa: S106  # a path
        members="/api/lti/courses/{course}/names_and_roles",
        groups="",
        group_sets="",
        line_items="/api/lti/courses/{course}/line_items",
        line_item="/api/lti/courses/{course}/line_items/{line_item}",
    ),
    scopes=tuple(scope for scope in ALL_SCOPES if scope != scopes.GROUPS_READ),
    charset="; charset=utf-8",
    page_size=50,
    page_most=50,
    page_by="page",
    limit_checked=False,
    course_link=True,
    link_refused=400,
    item_link_refused=404,
    delete_coupled=401,
    outdated=400,
    equal_outdated=False,
    not_gradable=422,
    counted=frozenset({"FullyGraded", "PendingManual"}),
    accept_targets=("embed", "iframe", "window"),
)
