"""What the reference tool shows of a launch: to a person as a page, to a program as a document."""

from collections.abc import Iterable, Mapping
from functools import cache

from attrs import asdict

from lti_adapters.pages.page import ANYWHERE, Page, Pages, link_of, origin_of, pages_of
from lti_adapters.reference_tool.documents import warning_documents
from lti_adapters.reference_tool.offers import Offer
from lti_adapters.reference_tool.tree import tree_of
from lti_core.claims import NO_TEXTS, ForUser, User
from lti_core.messages import LaunchMessage
from lti_core.roles import QUESTIONS, Roles

_KINDS = {
    "LtiResourceLinkRequest": "Resource link launch",
    "LtiDeepLinkingRequest": "Deep linking request",
    "LtiSubmissionReviewRequest": "Submission review",
}


def launch_document(launch: LaunchMessage, launch_id: str, services: Mapping[str, str] = NO_TEXTS) -> dict[str, object]:
    """A verified launch for a program: its claims as they were sent, and what this library makes of them.

    Args:
        services: addresses at which the launch's services are used; `may` says which the platform allows.
    """
    return {
        "launch_id": launch_id,
        "message_type": launch.message_type,
        "claims": dict(launch.claims),
        "roles": [asdict(role) for role in launch.roles.explain()],
        "checks": [asdict(passed) for passed in launch.checks],
        "warnings": warning_documents(launch.warnings),
        "may": launch.may.questions,
        "services": dict(services),
    }


def launched_page(
    launch: LaunchMessage, *, address: str = "", framed_by: Iterable[str] = (), offers: Iterable[Offer] = ()
) -> Page:
    """A verified launch for a person.

    Args:
        address: where the launch can be looked at again, and read as JSON.
        framed_by: addresses of the platform beside those that the launch names; their origins may frame the page.
        offers: what can be done with the launch.
    """
    offered = tuple(offers)
    values = {
        "launch": launch,
        "address": address,
        "kind": _KINDS.get(launch.message_type, launch.message_type),
        "person": name_of(launch.user) or ("Somebody" if launch.user.id else "Somebody, anonymously,"),
        "name_of": name_of,
        "may": _may(launch.roles),
        "link_of": link_of,
        "claims": tree_of(launch.claims),
        "offers": tuple(offer for offer in offered if not offer.refusal),
        "withheld": _by_reason(offered),
    }
    return pages().render("launched.html", values, framed_by=framing(launch, framed_by))


def about_page(addresses: Mapping[str, str]) -> Page:
    """What this tool is, for who opens it outside a platform. `addresses` are those that a platform asks for."""
    return pages().render("about.html", {"addresses": addresses}, framed_by=())


def name_of(person: User | ForUser) -> str:
    """What the platform calls a person; empty where it keeps that to itself."""
    parts = (part for part in (person.given_name, person.family_name) if part)
    return person.name or " ".join(parts)


def _may(roles: Roles) -> tuple[str, ...]:
    """The questions that the roles answer with yes, as words."""
    return tuple(question.replace("_", " ") for question in QUESTIONS if roles.answers(question))


def _by_reason(offers: Iterable[Offer]) -> dict[str, list[str]]:
    """What cannot be done, by the reason why not."""
    withheld: dict[str, list[str]] = {}
    for offer in offers:
        if offer.refusal:
            withheld.setdefault(offer.refusal, []).append(offer.name)
    return withheld


def framing(launch: LaunchMessage, more: Iterable[str]) -> tuple[str, ...]:
    """Origins that the platform shows the tool from; anywhere where it names none, as test platforms do.

    Args:
        more: further addresses of the platform.
    """
    presentation, platform = launch.launch_presentation, launch.tool_platform
    urls = (launch.issuer, presentation and presentation.return_url, platform and platform.url, *more)
    origins = dict.fromkeys(origin for url in urls if (origin := origin_of(url)))
    return tuple(origins) or ANYWHERE


@cache
def pages() -> Pages:
    """The reference tool's pages."""
    return pages_of("lti_adapters.reference_tool")
