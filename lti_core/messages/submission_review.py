"""LtiSubmissionReviewRequest: somebody looks at work behind a grade."""

from typing import Annotated
from urllib.parse import urlsplit

from attrs import frozen

from lti_core import claims as c
from lti_core.messages.message import LaunchMessage, MessageType
from lti_core.messages.required import RESOURCE_LINK_NAMED, ROLES_GIVEN, TARGET_GIVEN
from lti_core.rules.rule import Claims, Expected, Mismatch, Rule, address_shown
from lti_core.rules.services import gradebook_is_readable

_AGS = "Submission Review 1.0, Assignment and Grade claim"
_FOR_USER = "Submission Review 1.0, For user claim"


@frozen(kw_only=True)
class SubmissionReviewRequest(LaunchMessage):
    """Who looks (`user`, `roles`), at whose work (`for_user`), behind which grade (`endpoint.line_item`).

    Rights follow from `user` and `roles` only; work is found by `for_user` and the line item only.
    """

    for_user: Annotated[c.ForUser, c.named(c.FOR_USER)]
    endpoint: Annotated[c.Endpoint, c.named(c.AGS_ENDPOINT)]

    def may_review(self) -> bool:
        """Whether it is usual that this person sees that work: who teaches here, its author, and its mentor."""
        teaches = self.roles.is_teacher or self.roles.is_teaching_assistant
        mentors = self.for_user.user_id in self.role_scope_mentor
        return teaches or mentors or self.user.id == self.for_user.user_id


def endpoint_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch has an Assignment and Grade claim."""
    return None if isinstance(claims.get(c.AGS_ENDPOINT), dict) else Mismatch("There is no AGS claim.", "an object")


def line_item_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch names the line item of the grade."""
    endpoint = claims.get(c.AGS_ENDPOINT)
    found = endpoint.get("lineitem") if isinstance(endpoint, dict) else None
    try:
        if isinstance(found, str) and urlsplit(found).scheme in ("https", "http") and urlsplit(found).hostname:
            return None
    except ValueError:
        pass
    return Mismatch("The launch names no line item.", "an address", address_shown(found))


def for_user_is_given(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch says whose work is meant."""
    found = claims.get(c.FOR_USER)
    return None if isinstance(found, dict) else Mismatch("The launch does not say whose work is meant.", "an object")


def for_user_has_an_id(claims: Claims, _: Expected) -> Mismatch | None:
    """The person whose work is meant has an id."""
    person = claims.get(c.FOR_USER)
    found = person.get("user_id") if isinstance(person, dict) else None
    return None if isinstance(found, str) and found else Mismatch("The person has no user_id.", "a text")


def viewer_is_known(claims: Claims, _: Expected) -> Mismatch | None:
    """The launch says who looks."""
    found = claims.get("sub")
    return Mismatch("The launch does not say who looks.", "a sub") if found is None else None


MESSAGE_TYPE = MessageType(
    "LtiSubmissionReviewRequest",
    SubmissionReviewRequest,
    (
        TARGET_GIVEN,
        Rule("launch.review.ags_missing", _AGS, endpoint_is_given),
        Rule("launch.review.line_item_missing", _AGS, line_item_is_given),
        Rule("launch.claim_malformed", _AGS, gradebook_is_readable),  # here it is needed
        Rule("launch.review.for_user_missing", _FOR_USER, for_user_is_given),
        Rule("launch.review.for_user_id_missing", _FOR_USER, for_user_has_an_id),
        Rule("launch.sub_missing", "Submission Review 1.0, User identity", viewer_is_known),
        RESOURCE_LINK_NAMED,
        ROLES_GIVEN,
    ),
)
