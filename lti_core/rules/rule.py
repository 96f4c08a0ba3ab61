"""What a rule is, and how rules are applied."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, TypeGuard
from urllib.parse import urlsplit

from attrs import field, frozen

from lti_core.errors import LaunchRefused
from lti_core.registration import Registration
from lti_core.state import LoginState

Claims = Mapping[str, object]  # the header or payload of a token; nothing in it is trusted yet

LEEWAY = 60
OLDEST_TOKEN = 3600


class Mismatch(NamedTuple):
    """Why a rule does not hold. `expected` and `found` may be shown to anybody."""

    message: str
    expected: object = None
    found: object = None


@frozen
class TargetUrls:
    """The tool's own launch addresses. An entry that ends with `/*` stands for everything below it."""

    exact: frozenset[tuple[str, str, str]]
    below: tuple[tuple[str, str, str], ...] = ()
    as_written: frozenset[str] = frozenset()

    @classmethod
    def of(cls, urls: Iterable[str]) -> "TargetUrls":
        """The addresses in `urls`; their queries do not count."""
        whole = tuple(urls)
        exact = {url: place for url in whole if not url.endswith("/*") and (place := _place(url))}
        below = (_place(url[:-1]) for url in whole if url.endswith("/*"))
        return cls(frozenset(exact.values()), tuple(place for place in below if place), frozenset(exact))

    def have(self, url: object) -> bool:
        """Whether `url` is one of them: the same origin and path, whatever its query."""
        if not _is_plain(url):
            return False
        if url.partition("?")[0] in self.as_written:  # nearly always; taking addresses apart takes its time
            return True
        place = _place(url)
        return place is not None and (
            place in self.exact or any(place[:2] == start[:2] and place[2].startswith(start[2]) for start in self.below)
        )


def _is_plain(url: object) -> TypeGuard[str]:
    """Whether there is nothing in it that browsers or servers could read in another way than we do."""
    return isinstance(url, str) and url.isprintable() and "\\" not in url and " " not in url


def _place(url: object) -> tuple[str, str, str] | None:
    """Scheme, host and path; None for what browsers or servers could read in another way than we do."""
    if not _is_plain(url):
        return None
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None
    if scheme not in ("https", "http") or not host or "@" in parts.netloc:
        return None
    decoded = parts.path.lower().replace("%2e", ".").replace("%2f", "/").replace("%5c", "/")
    if port == 0 or not {"..", "."}.isdisjoint(decoded.split("/")):
        return None
    port = port or (443 if scheme == "https" else 80)
    return scheme, f"{host}:{port}", parts.path or "/"


def address_shown(value: object) -> object:
    """What a claim has in the place of an address, as it may be shown: without its query, which may hold a secret."""
    if not isinstance(value, str):
        return value
    scheme, slashes, rest = value.partition("#")[0].partition("?")[0].partition("//")
    host, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{host.rpartition('@')[2]}{slash}{path}"


@frozen(kw_only=True, weakref_slot=False)
class Expected:
    """What a launch must match: the registration, the login that it answers, and the time."""

    registration: Registration
    state: LoginState
    now: float
    target_urls: TargetUrls
    leeway: float = LEEWAY
    oldest_token: float = OLDEST_TOKEN


@frozen
class Passed:
    """A check that a launch passed."""

    code: str
    sentence: str
    spec: str


@frozen
class Rule:
    """One demand on a launch: its error code, where it is written, and the check.

    The first line of the check's docstring says what holds when it passes. A rule that only `warns` lets the launch
    through; the claim that it `drops`, if any, is then not read.
    """

    code: str
    spec: str
    check: Callable[[Claims, Expected], Mismatch | None]
    warns: bool = False
    drops: str | None = None
    passed: Passed = field(init=False, repr=False)

    @passed.default
    def _passed(self) -> Passed:
        return Passed(self.code, (self.check.__doc__ or "").strip().split("\n")[0], self.spec)


@frozen
class Warned:
    """A rule that a launch breaks harmlessly."""

    code: str
    message: str
    spec: str
    drops: str | None = field(default=None, repr=False)


def check(rules: Iterable[Rule], claims: Claims, expected: Expected) -> tuple[Warned, ...]:
    """Apply `rules` in order.

    Returns:
        The warnings of those that only warn.

    Raises:
        LaunchRefused: with the code of the first rule that does not hold.
    """
    warnings: tuple[Warned, ...] = ()
    for rule in rules:
        if (wrong := rule.check(claims, expected)) is None:
            continue
        if not rule.warns:
            raise LaunchRefused(rule.code, wrong.message, rule.spec, wrong.expected, wrong.found)
        warnings += (Warned(rule.code, wrong.message, rule.spec, rule.drops),)
    return warnings
