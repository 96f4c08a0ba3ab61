"""Launches that a tool must accept, though each lacks something or says it in an unusual way, as a table.

The certification suite runs most of them as an instructor and as a student.
"""

from collections.abc import Callable, Iterable

from lti_adapters.simulator.draft import Draft
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.people import (
    ANONYMOUS,
    ENROLLED,
    FACULTY,
    INSTRUCTOR,
    LEARNER,
    OBSERVER,
    PREVIEW,
    STUDENT,
    TEACHER,
    Person,
)
from lti_adapters.simulator.variation import Says, Variation, unchanged
from lti_core import claims as c

NAMES = ("name", "given_name", "family_name", "middle_name")
UNKNOWN_ROLE = "https://vendor.example/roles#Helper"

Alter = Callable[[Draft], Draft]


def opened_by(person: Person) -> Callable[[Says], Message]:
    """`person` opens the quiz."""
    return lambda platform: platform.resource_link(person)


def for_both(
    name: str, title: str, description: str, instructor: Alter = unchanged, student: Alter | None = None
) -> Iterable[Variation]:
    """The same case as an instructor and as a student."""
    who = (("instructor", TEACHER, instructor), ("student", LEARNER, student or instructor))
    for word, person, alter in who:
        yield Variation(
            f"{name}-{word}", f"{title}: {word}", description, None, alter, opened_by(person),
            suite_name=f"{title} as {word}",
        )  # fmt: skip


def having_roles(*roles: str) -> Alter:
    """The user has these roles, and no others."""
    return lambda draft: draft.having({c.ROLES: list(roles)})


def the_suites_deep_linking_settings(return_url: str) -> dict[str, object]:
    """Media types as one text, and data that must come back."""
    return {
        "deep_link_return_url": return_url,
        "accept_types": ["link", "ltiResourceLink"],
        "accept_presentation_document_targets": ["iframe", "window", "embed"],
        "accept_media_types": "image/*,text/html",
        "accept_multiple": True,
        "auto_create": True,
        "title": "A title",
        "text": "A text",
        "data": "909708",
    }


def the_suites_deep_linking_request(draft: Draft) -> Draft:
    """No target link, and the suite's settings."""
    settings = the_suites_deep_linking_settings(f"{draft.claims['iss']}/deep-links")
    return draft.lacking(c.TARGET_LINK_URI).having({c.DEEP_LINKING_SETTINGS: settings})


SUITE = (
    *for_both("plain", "LTI 1.3 message", "Names, email, course, and the addresses of the services."),
    *for_both(
        "several-roles", "With multiple role values", "Roles in the course and in the institution.",
        having_roles(INSTRUCTOR, FACULTY, "http://purl.imsglobal.org/vocab/lis/v2/membership#ContentDeveloper"),
        having_roles(STUDENT, ENROLLED, "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"),
    ),
    *for_both(
        "short-role", "With short role value", "The role in the course by its short name.",
        having_roles("Instructor"), having_roles("Learner"),
    ),
    *for_both(
        "unknown-role-too", "With unknown role", "A role of no vocabulary beside a known one.",
        having_roles(INSTRUCTOR, UNKNOWN_ROLE), having_roles(STUDENT, UNKNOWN_ROLE),
    ),
    *for_both("unknown-role", "With unknown role alone", "A role of no vocabulary.", having_roles(UNKNOWN_ROLE)),
    *for_both("empty-role", "With no role", "A list of one empty text.", having_roles("")),
    *for_both("no-role", "With an empty list of roles", "An empty list.", having_roles()),
    *for_both("only-email", "With only email", "No names.", lambda d: d.lacking(*NAMES)),
    *for_both("only-names", "With only names", "No email address.", lambda d: d.lacking("email")),
    *for_both("no-names", "With no PII", "Neither names nor email.", lambda d: d.lacking(*NAMES, "email")),
    *for_both("no-context", "With email, no context", "From outside a course.", lambda d: d.lacking(c.CONTEXT)),
    Variation(
        "only-resource-link", "Student, only the resource link", "Neither names, nor email, nor services.", None,
        lambda d: d.lacking(*NAMES, "email", "locale", c.AGS_ENDPOINT, c.NRPS, c.LIS, c.CUSTOM, c.TOOL_PLATFORM),
        opened_by(LEARNER), suite_name="Student only resource link",
    ),
    Variation(
        "returned-link", "Link made by deep linking", "An ordinary launch, with custom parameters.", None,
        lambda d: d.having({c.CUSTOM: {"quiz": "7"}}), opened_by(LEARNER),
        suite_name="Deep linking: launch of the returned link",
    ),
)  # fmt: skip

DEEP_LINKING = (
    Variation(
        "deep-linking", "Deep linking request", "No target link, and media types as one text.", None,
        the_suites_deep_linking_request, lambda platform: platform.deep_linking(TEACHER),
        suite_name="Deep linking: request",
    ),
)  # fmt: skip

ALSO = (
    Variation(
        "anonymous", "Anonymous launch", "The platform does not say who the user is: there is no sub.", None,
        message=opened_by(ANONYMOUS),
    ),
    Variation(
        "observer", "Observer", "A mentor, with the ids of those that they look after.", None,
        message=opened_by(OBSERVER),
    ),
    Variation("preview", "Preview as a student", "A test user.", None, message=opened_by(PREVIEW)),
    Variation("login-by-get", "Login by GET", "The login initiation comes as an address.", None, method="GET"),
    Variation(
        "own-azp", "Several audiences, ours among them", "azp says that the token was made for this tool.", None,
        lambda d: d.having({"aud": ["another-tool", d.claims["aud"]], "azp": d.claims["aud"]}),
    ),
    Variation(
        "nulls", "Nulls", "What the platform does not know is null, which counts as absent.", None,
        lambda d: d.having({c.LIS: None, c.CUSTOM: None, "middle_name": None, "picture": None}),
    ),
    Variation(
        "unknown-claims", "Unknown claims", "A vendor's own claims are kept, never refused.", None,
        lambda d: d.having({"https://vendor.example/claim": {"nested": [1, None, {"deep": True}]}}),
    ),
)  # fmt: skip

ACCEPTED: tuple[Variation, ...] = (*SUITE, *DEEP_LINKING, *ALSO)
