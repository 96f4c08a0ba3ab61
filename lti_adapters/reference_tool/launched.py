"""What the reference tool shows of a launch: to a person as a page, to a program as a document."""

from collections.abc import Iterable, Mapping
from functools import cache

from attrs import Attribute, asdict

from lti_adapters.pages.page import ANYWHERE, Page, Pages, link_of, origin_of, pages_of
from lti_adapters.reference_tool.tree import tree_of
from lti_core.claims import ForUser, User
from lti_core.messages import LaunchMessage
from lti_core.roles import QUESTIONS, Roles

_KINDS = {
    "LtiResourceLinkRequest": "Resource link launch",
    "LtiDeepLinkingRequest": "Deep linking request",
    "LtiSubmissionReviewRequest": "Submission review",
}


def launch_document(launch: LaunchMessage, launch_id: str) -> dict[str, object]:
    """A verified launch for a program: its claims as they were sent, and what this library makes of them."""
    return {
        "launch_id": launch_id,
        "message_type": launch.message_type,
        "claims": dict(launch.claims),
        "roles": [asdict(role) for role in launch.roles.explain()],
        "checks": [asdict(passed) for passed in launch.checks],
        "warnings": [asdict(warned, filter=_told) for warned in launch.warnings],
    }


def _told(attribute: "Attribute[object]", _: object) -> bool:
    """What a program is told of a warning: all but which claim this library left unread."""
    return attribute.name != "drops"


def launched_page(launch: LaunchMessage, *, address: str = "", framed_by: Iterable[str] = ()) -> Page:
    """A verified launch for a person.

    Args:
        address: where the launch can be looked at again, and read as JSON.
        framed_by: addresses of the platform beside those that the launch names; their origins may frame the page.
    """
    values = {
        "launch": launch,
        "address": address,
        "kind": _KINDS.get(launch.message_type, launch.message_type),
        "person": name_of(launch.user) or ("Somebody" if launch.user.id else "Somebody, anonymously,"),
        "name_of": name_of,
        "may": _may(launch.roles),
        "link_of": link_of,
        "claims": tree_of(launch.claims),
    }
    return _pages().render("launched.html", values, framed_by=_framing(launch, framed_by))


def about_page(addresses: Mapping[str, str]) -> Page:
    """What this tool is, for who opens it outside a platform. `addresses` are those that a platform asks for."""
    return _pages().render("about.html", {"addresses": addresses}, framed_by=())


def name_of(person: User | ForUser) -> str:
    """What the platform calls a person; empty where it keeps that to itself."""
    parts = (part for part in (person.given_name, person.family_name) if part)
    return person.name or " ".join(parts)


def _may(roles: Roles) -> tuple[str, ...]:
    """The questions that the roles answer with yes, as words."""
    return tuple(question.replace("_", " ") for question in QUESTIONS if roles.answers(question))


def _framing(launch: LaunchMessage, more: Iterable[str]) -> tuple[str, ...]:
    """Origins that the platform shows the tool from; anywhere where it names none, as test platforms do."""
    presentation, platform = launch.launch_presentation, launch.tool_platform
    urls = (launch.issuer, presentation and presentation.return_url, platform and platform.url, *more)
    origins = dict.fromkeys(origin for url in urls if (origin := origin_of(url)))
    return tuple(origins) or ANYWHERE


@cache
def _pages() -> Pages:
    return pages_of("lti_adapters.reference_tool")
