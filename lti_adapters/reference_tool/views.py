"""What the reference tool answers at its own addresses: pages for people, JSON for programs."""

from collections.abc import Callable
from urllib.parse import urljoin

from attrs import evolve

from lti_adapters.reference_tool.launched import about_page, launch_document, launched_page
from lti_adapters.reference_tool.offers import offers_of
from lti_adapters.reference_tool.routes import SERVICES
from lti_adapters.reference_tool.visit import PREFIX, Visit, origin, root
from lti_adapters.web.answer import Answer, json_answer, page_answer
from lti_adapters.web.asked import Asked
from lti_adapters.web.endpoints import refused
from lti_adapters.web.later import restored
from lti_adapters.web.mounted import Mounted
from lti_core.errors import InvalidValue, LtiError
from lti_core.messages import LaunchMessage

MESSAGES = ("LtiResourceLinkRequest", "LtiDeepLinkingRequest", "LtiSubmissionReviewRequest")
_BY_ACCEPT = ("Vary", "Accept")
_ADDRESSES = {
    "Login (initiation) address": "login",
    "Launch, redirect and target link address": "launch",
    "Key set address": "jwks",
}


def about(mounted: Mounted, asked: Asked) -> Answer:
    """What this tool is."""
    here, below = origin(mounted, asked), root(asked)
    return page_answer(about_page({name: urljoin(here, f"{below}{PREFIX}/{at}") for name, at in _ADDRESSES.items()}))


def health() -> Answer:
    """It is running."""
    return json_answer({"status": "ok"}, headers=())


def launched(mounted: Mounted, asked: Asked, launch: LaunchMessage, launch_id: str) -> Answer:
    """The launch of that id, as a page, or as JSON where that is asked for."""
    visit = Visit(mounted, asked, launch, launch_id)
    if asked.wants_json:
        return _by_accept(json_answer(launch_document(launch, launch_id, visit.service_urls())))
    offers = offers_of(launch, visit.service_paths())
    page = launched_page(launch, address=visit.address, framed_by=visit.platform_urls(), offers=offers)
    return _by_accept(page_answer(page))


def launched_again(mounted: Mounted, asked: Asked, launch_id: str) -> Answer:
    """A launch that was accepted before.

    Raises:
        LaunchRefused, StorageFailed: as `Tool.restore`.
    """
    entered = restored(mounted, asked, launch_id)
    return launched(mounted, asked, entered.message, entered.launch_id)


def service(mounted: Mounted, asked: Asked, launch_id: str, view: Callable[[Visit], Answer]) -> Answer:
    """What `view` answers to the launch of that id. Programs get refusals as JSON, also where they do not ask for it.

    Raises:
        LtiError: where a person asks.
    """
    try:
        entered = restored(mounted, asked, launch_id)
        answer = view(Visit(mounted, asked, entered.message, entered.launch_id))
    except LtiError as error:
        if asked.wants_page:
            raise
        answer = refused(mounted, error, as_json=True)
    return _by_accept(answer)


def elsewhere(mounted: Mounted, asked: Asked, below: str) -> Answer:
    """The refusal of a request below /tool/launches/ that nothing else answers: of another method, or to nowhere.

    Args:
        below: what follows /tool/launches/ in the path.

    Raises:
        InvalidValue: `tool.not_found`, `tool.method_not_allowed`, where a person asks.
    """
    _, _, path = below.partition("/")
    methods = [method for method, at, _ in (("GET", "", None), *SERVICES) if at == path]
    if methods:
        message = "This address does not take that method."
        refusal = InvalidValue("tool.method_not_allowed", message, "", ", ".join(methods), asked.method)
    else:
        refusal = InvalidValue("tool.not_found", "This tool has no such address.")
    mounted.tool.record(refusal)
    if asked.wants_page:
        raise refusal
    return _by_accept(refused(mounted, refusal, as_json=True))


def _by_accept(answer: Answer) -> Answer:
    return evolve(answer, headers=(*answer.headers, _BY_ACCEPT))
