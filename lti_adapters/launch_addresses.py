"""Where a tool is launched, as it is known from outside."""

from functools import lru_cache
from urllib.parse import urlsplit

from lti_adapters.pages.page import origin_of
from lti_core.errors import AccessRefused
from lti_core.launch import LaunchSettings
from lti_core.rules.rule import TargetUrls


def browser_cookies(redirect_uri: str) -> str:
    """What the names of the cookies begin with that bind remembered launches to a browser.

    A page of a course may show a tool in many frames. Launched at once in a browser that has no such cookie yet, each
    is given one: of one name, the last would take the place of the others, whose launches nobody could go on with.
    """
    return "__Host-lti-browser-" if redirect_uri.startswith("https:") else "lti-browser-"


@lru_cache(maxsize=64)  # bounded: without the setting tool.url the host comes from the request
def launch_settings(
    launch_url: str, origin: str | None, urls: tuple[str, ...], leeway: float, oldest_token: float
) -> LaunchSettings:
    """What holds for launches of a tool whose launch address is `launch_url` as the framework tells it.

    Raises:
        AccessRefused: `tool.host_invalid` when the address has no host that there can be.
    """
    if origin_of(launch_url) is None:  # of a request's header Host that no browser sends
        raise AccessRefused("tool.host_invalid", "This tool cannot be asked for by that name.")
    redirect_uri = _at_origin(launch_url, origin)
    target_urls = TargetUrls.of(urls or (redirect_uri,))
    return LaunchSettings(redirect_uri=redirect_uri, target_urls=target_urls, leeway=leeway, oldest_token=oldest_token)


def _at_origin(url: str, origin: str | None) -> str:
    """`url` at the origin that the tool is known by from outside, where one is set."""
    if origin is None:
        return url
    known, parts = urlsplit(origin), urlsplit(url)
    return parts._replace(scheme=known.scheme, netloc=known.netloc).geturl()
