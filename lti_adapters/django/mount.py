"""The tools of a Django project, by the addresses that its URLconf has, and where each is launched."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from attrs import frozen
from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver, get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

from lti_adapters.web.mounted import Mounted
from lti_core.errors import ConfigurationError

_MARK = "lti_mount"
_PLAIN = "!$&'()*+,;=/~:@"  # what `reverse`, too, leaves as it is in a path (RFC 3986 §3.3)
View = Callable[..., Any]


@frozen(eq=False)
class Mount:
    """A tool as the URLconf has it.

    Attributes:
        name: as `reverse` needs it: with the namespaces of the URLconfs around it.
        container: the tool's wiring, made once.
        mounted: the tool, made at the first request: the database may not be ready before. Raises LtiError.
    """

    name: str
    container: Callable[[], Any]
    mounted: Callable[[], Mounted]


def marked(view: View, mount: Mount) -> View:
    """`view`, known as one of that tool's own."""
    vars(view)[_MARK] = mount
    return view


def mount_of(request: HttpRequest) -> Mount | None:
    """The tool that one of whose own addresses was asked for."""
    match = request.resolver_match
    found: Mount | None = getattr(match.func, _MARK, None) if match else None
    return found


def mounts() -> tuple[Mount, ...]:
    """The tools of the current URLconf, in its order.

    Raises:
        ConfigurationError: `config.name_taken` when two tools have one name, `config.addresses_missing`.
    """
    urlconf = get_urlconf(getattr(settings, "ROOT_URLCONF", None))
    found = _mounts_in(get_resolver(urlconf)) if urlconf else ()
    if not found:
        message = 'The tool has no address: write path("lti/", include(lti.urls)) into the urlpatterns of ROOT_URLCONF.'
        raise ConfigurationError("config.addresses_missing", message)
    return found


@lru_cache(maxsize=64)  # bounded: a URLconf that is read anew has another resolver
def _mounts_in(resolver: URLResolver) -> tuple[Mount, ...]:
    found = tuple(dict.fromkeys(_walk(resolver)))
    names = [mount.name for mount in found]
    for name in names:
        if names.count(name) > 1:
            message = f"The project has two tools called {name!r}; give Lti(..., name=...) another one."
            raise ConfigurationError("config.name_taken", message)
    return found


def _walk(resolver: URLResolver) -> Iterator[Mount]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern)
        elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, _MARK):
            yield getattr(pattern.callback, _MARK)


def launch_url(request: HttpRequest, name: str) -> str:
    """The launch address of the tool of that name, as this request sees it."""
    # As `build_absolute_uri`, which takes the path apart first.
    return f"{request.scheme}://{request.get_host()}{_beside(request, name) or _reversed(request, name)}"


def _beside(request: HttpRequest, name: str) -> str | None:
    """The launch path where the tool's own login or launch was asked for: it stands beside, or is the same."""
    mount, match = mount_of(request), request.resolver_match
    if mount is None or mount.name != name or match is None or match.url_name not in ("login", "launch"):
        return None
    return quote(request.path.removesuffix(match.url_name) + "launch", safe=_PLAIN)


def _reversed(request: HttpRequest, name: str) -> str:
    if captured := _captured(request, name):
        return reverse(f"{name}:launch", kwargs=captured)
    return _usual_path(name, get_resolver(get_urlconf()), get_script_prefix(), get_language())


@lru_cache(maxsize=64)  # bounded: a server may tell the prefix from the request
def _usual_path(name: str, *_: object) -> str:
    """What `reverse` answers depends on nothing else, and takes it some time."""
    return reverse(f"{name}:launch")


def _captured(request: HttpRequest, name: str) -> dict[str, Any]:
    """What the addresses around the tool hold of this request, as in `path("<school>/lti/", include(lti.urls))`."""
    match = request.resolver_match
    if match is None or not match.kwargs:
        return {}
    resolver, wanted = get_resolver(get_urlconf()), set[str]()
    for namespace in name.split(":"):
        _, resolver = resolver.namespace_dict[namespace]
        wanted.update(resolver.pattern.converters)
    return {captured: value for captured, value in match.kwargs.items() if captured in wanted}
