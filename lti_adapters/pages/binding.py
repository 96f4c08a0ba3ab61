"""Pages that find out how a browser can be known again, where a tool stands in a platform's frame.

The way is tried in this order: a cookie, the platform's storage, a window of its own.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from lti_adapters.pages.page import Page, common_pages
from lti_adapters.pages.texts import TEXTS
from lti_core.authentication_response import SENT
from lti_core.login import NEW_WINDOW, AuthenticationRequest
from lti_core.platform_storage import PlatformStorage

_OF_THE_FRAME = (NEW_WINDOW, "lti_storage_target")  # a window of its own begins without


def begin_page(
    going: AuthenticationRequest,
    login_path: str,
    initiation: Iterable[tuple[str, str]],
    *,
    texts: Mapping[str, str] = TEXTS,
    language: str = "en",
) -> Page:
    """Go on to the platform by the first way that works in this browser.

    Args:
        login_path: of the tool's login address, where a window of its own begins again.
        initiation: what the platform asked that address for.
        texts: of `texts_with`.
        language: as of `Pages.render`.
    """
    values = {
        "text": texts,
        "storage": going.storage,
        "secret": going.cookie_value,
        "action": going.action if going.needs_form else going.url,
        "fields": going.parameters if going.needs_form else (),
        "login": login_path,
        "again": (*((name, value) for name, value in initiation if name not in _OF_THE_FRAME), (NEW_WINDOW, "1")),
    }
    return _page("begin", values, language)


def finish_page(
    launch_path: str,
    response: Iterable[tuple[str, str]],
    storage: PlatformStorage,
    *,
    texts: Mapping[str, str] = TEXTS,
    language: str = "en",
) -> Page:
    """Fetch what the platform's storage has for this browser, and post the launch again together with it.

    Args:
        launch_path: of the tool's launch address.
        response: the fields that the platform posted. Those that this tool reads are posted again; nothing in them is
            shown.
        texts, language: as of `begin_page`.
    """
    fields = tuple((name, value) for name, value in response if name in SENT)
    values = {"text": texts, "action": launch_path, "fields": fields, "storage": storage}
    return _page("finish", values, language)


def _page(name: str, values: Mapping[str, object], language: str) -> Page:
    # Chromium holds the policy against redirects, too, as to where people sign in.
    return common_pages().render(f"{name}.html", values, language=language, script=_script(name), forms_go_to="*")


@cache
def _script(name: str) -> str:
    folder = files("lti_adapters.pages").joinpath("scripts")
    return "".join(folder.joinpath(f"{one}.js").read_text("utf-8") for one in ("storage", name))
