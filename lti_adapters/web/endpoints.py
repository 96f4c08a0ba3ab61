"""The addresses of a tool: what a login, a launch, and whoever fetches the tool's keys is answered."""

from collections.abc import Iterable
from typing import Unpack
from urllib.parse import urljoin, urlsplit

from lti_adapters.pages.binding import begin_page, finish_page
from lti_adapters.pages.post import post_page
from lti_adapters.pages.refusal import error_document, headers_of, refused_page, status_of
from lti_adapters.web.answer import NOT_KEPT, Answer, delete_cookie, json_answer, page_answer, set_cookie
from lti_adapters.web.asked import Asked, Fields, TooLarge
from lti_adapters.web.later import Entered, make_entered
from lti_adapters.web.mounted import Mounted
from lti_core.deep_linking.items import ContentItem
from lti_core.deep_linking.response import Said
from lti_core.errors import LaunchRefused, LoginRefused, LtiError
from lti_core.login import AuthenticationRequest
from lti_core.messages import LaunchMessage
from lti_core.platform_storage import PlatformStorage

_TOO_LARGE = "The request is too large."
_FRAMES = frozenset({"iframe", "frame", "embed", "object", "fencedframe"})  # of the header Sec-Fetch-Dest
_OUR_COOKIES = ("__Host-lti-", "lti-")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")  # so that our refusal answers those we don't take


def login(mounted: Mounted, asked: Asked) -> Answer:
    """Answer a login initiation: the way to the platform.

    Raises:
        LoginRefused, StorageFailed, ConfigurationError: as `Tool.login`; `login.method_not_allowed`,
            `login.too_large`.
    """
    try:
        fields = _initiation(asked)
    except LtiError as error:
        mounted.tool.record(error)
        raise
    brought = asked.cookies()
    going = mounted.tool.login(fields, launch_url=asked.launch_url, cookies=brought)
    cookies = (
        set_cookie(going.cookie_name, going.cookie_value, going.cookie_lifetime),
        *map(delete_cookie, going.stale_cookies),
    )
    if _may_lack_cookies(asked, going, brought):
        login_path = urljoin(_path(asked.launch_url), "login")
        return page_answer(begin_page(going, login_path, fields, **mounted.texts), *cookies)
    if going.needs_form:
        return page_answer(post_page(going.action, going.parameters, **mounted.texts), *cookies)
    return Answer(302, (NOT_KEPT, ("Location", going.url), *cookies))


def _may_lack_cookies(asked: Asked, going: AuthenticationRequest, brought: Iterable[str]) -> bool:
    """Whether the browser may keep our cookie from us: in a frame, until one of ours came back."""
    if asked.fetch_dest not in _FRAMES and not going.storage.target:
        return False
    return not any(name.startswith(_OUR_COOKIES) for name in brought)


def _initiation(asked: Asked) -> Fields:
    """The parameters in the address, or in a posted form."""
    try:
        if asked.method == "POST":
            return asked.form_fields()
        if asked.method in ("GET", "HEAD"):
            return asked.query_fields()
    except TooLarge as error:
        raise LoginRefused("login.too_large", _TOO_LARGE) from error
    message, spec = "A login begins with GET or POST.", "1EdTech Security Framework 1.0 §5.1.1.1"
    raise LoginRefused("login.method_not_allowed", message, spec, "GET or POST", asked.method)


def launch(mounted: Mounted, asked: Asked) -> Entered | Answer:
    """Verify a launch.

    Returns:
        The launch, for its handler to answer; or what is answered in its place: the way to a page that can be
        reloaded, or a page that asks the platform's storage who the browser is.

    Raises:
        LaunchRefused, StorageFailed, ConfigurationError: as `Tool.launch`; `launch.method_not_allowed`,
            `launch.too_large`.
    """
    try:
        fields = _response(asked)
    except LtiError as error:
        mounted.tool.record(error)
        raise
    opened = mounted.tool.launch(
        fields,
        launch_url=asked.launch_url,
        cookies=asked.cookies(),
        origin=asked.origin,
        message_types=mounted.message_types(),
    )
    if isinstance(opened, PlatformStorage):
        return page_answer(finish_page(_path(asked.launch_url), fields, opened, **mounted.texts))
    cookie = set_cookie(opened.cookie_name, opened.cookie_value, opened.cookie_lifetime)
    if mounted.after_launch == "redirect":
        path = urljoin(_path(asked.launch_url), f"launches/{opened.launch_id}")
        return Answer(303, (NOT_KEPT, ("Location", path), cookie))
    return make_entered(mounted, opened.message, opened.launch_id, (cookie,))


def _path(url: str) -> str:
    """On whatever host the browser knows this tool by: a proxy may keep from us that it is https."""
    return urlsplit(url).path


def _response(asked: Asked) -> Fields:
    """A posted form; a refusal may also come in the address. A token there is refused: it would stay in logs."""
    try:
        in_address = asked.query_fields() if asked.query else []
        names = {name for name, _ in in_address}
        posted, told = asked.method == "POST", asked.method in ("GET", "HEAD") and "error" in names
        if "id_token" not in names and (posted or told):
            return asked.form_fields() if posted else in_address
    except TooLarge as error:
        raise LaunchRefused("launch.too_large", _TOO_LARGE) from error
    message = "A launch is a form that the platform posts; open the activity in your course."
    spec = "1EdTech Security Framework 1.0 §5.1.1.3"
    raise LaunchRefused("launch.method_not_allowed", message, spec, "POST", asked.method)


def page_back(
    mounted: Mounted, launch: LaunchMessage, items: Iterable[ContentItem], launch_url: str, **said: Unpack[Said]
) -> Answer:
    """A page that takes the signed answer to a deep linking request to the platform, by itself or by its button.

    Raises:
        AccessRefused, InvalidValue: as `Tool.deep_linking_response`.
    """
    response = mounted.tool.deep_linking_response(launch, items, launch_url=launch_url, **said)
    return page_answer(post_page(response.return_url, response.form, **mounted.texts))


def key_set(mounted: Mounted) -> Answer:
    """The tool's public keys, for platforms to fetch.

    Raises:
        StorageFailed, ConfigurationError: as `Tool.public_keys`.
    """
    return json_answer(mounted.tool.public_keys(), headers=[("Cache-Control", "public, max-age=300")])


def refused(mounted: Mounted, error: LtiError, *, as_json: bool) -> Answer:
    """Explain a refusal: to a person as a page, to a program as JSON."""
    if as_json:
        return json_answer(error_document(error), status_of(error), headers_of(error).items())
    return page_answer(refused_page(error, return_url=getattr(error, "return_url", None), **mounted.texts))
