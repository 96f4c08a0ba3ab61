"""Platforms that misbehave, on demand: a tool must bear it, or say what is wrong."""

import json
from collections.abc import Callable, Mapping
from random import Random
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from attrs import define, evolve, field, frozen

from lti_adapters.simulator.services.answers import Call, Reply, as_json
from lti_core.errors import ConfigurationError
from lti_core.ports import MIB, HttpResponse

ELSEWHERE = "https://elsewhere.example"
Details = Mapping[str, Any]  # numbers, by name
Served = Callable[[], HttpResponse]


@frozen
class Doing:
    """What a misbehaviour has to work with. `served` does what a good platform would, and returns its answer."""

    call: Call
    served: Served
    details: Details
    base: str  # scheme, host and port of the platform


def _slow(doing: Doing) -> Reply:
    return Reply(response=doing.served(), delay=doing.details.get("seconds", 60))


def _dripping(doing: Doing) -> Reply:
    return Reply(response=doing.served(), pause=doing.details.get("pause", 1))


def _silent(doing: Doing) -> Reply:
    return Reply(response=doing.served(), lost="silent")


def _unreachable(doing: Doing) -> Reply:
    return Reply(response=HttpResponse(status=0), lost="unreachable")


def _status(doing: Doing) -> Reply:
    return Reply(response=_refusal(doing.details.get("status", 503)))


def _late_status(doing: Doing) -> Reply:
    doing.served()
    return _status(doing)


def _too_many_requests(doing: Doing) -> Reply:
    refusal = _refusal(429)
    headers = {**refusal.headers, "retry-after": str(doing.details.get("retry_after", 1))}
    return Reply(response=evolve(refusal, headers=headers))


def _status_zero(doing: Doing) -> Reply:
    return Reply(response=_refusal(0))


def _wrong_media_type(doing: Doing) -> Reply:
    response = doing.served()
    return Reply(response=evolve(response, headers={**response.headers, "content-type": "text/html; charset=utf-8"}))


def _malformed_json(doing: Doing) -> Reply:
    response = doing.served()
    return Reply(response=evolve(response, body=response.body[: len(response.body) // 2] + b'{"'))


def _too_large(doing: Doing) -> Reply:
    response, size = doing.served(), doing.details.get("size", 33 * MIB)
    return Reply(response=evolve(response, body=response.body.ljust(size)))


def _page_loop(doing: Doing) -> Reply:
    return Reply(response=_leading(doing.served(), doing.base + doing.call.target))


def _foreign_page(doing: Doing) -> Reply:
    return Reply(response=_leading(doing.served(), ELSEWHERE + doing.call.target))


def _empty_pages(doing: Doing) -> Reply:
    number, response = _counted(doing, "empty"), doing.served()
    if number >= doing.details.get("pages", 3) or response.status != 200:
        return Reply(response=response)
    return Reply(response=_leading(_emptied(response), _marked(doing, "empty", number + 1)))


def _duplicate_pages(doing: Doing) -> Reply:
    response = doing.served()
    return Reply(response=response if _counted(doing, "again") else _leading(response, _marked(doing, "again", 1)))


def _endless_pages(doing: Doing) -> Reply:
    return Reply(response=_leading(doing.served(), _marked(doing, "round", _counted(doing, "round") + 1)))


KINDS: Mapping[str, Callable[[Doing], Reply]] = {
    "slow": _slow,
    "dripping": _dripping,
    "silent": _silent,
    "unreachable": _unreachable,
    "status": _status,
    "late-status": _late_status,
    "too-many-requests": _too_many_requests,
    "status-zero": _status_zero,
    "wrong-media-type": _wrong_media_type,
    "malformed-json": _malformed_json,
    "too-large": _too_large,
    "page-loop": _page_loop,
    "foreign-page": _foreign_page,
    "empty-pages": _empty_pages,
    "duplicate-pages": _duplicate_pages,
    "endless-pages": _endless_pages,
}
OF_LISTS = frozenset({"page-loop", "foreign-page", "empty-pages", "duplicate-pages", "endless-pages"})
LISTS = frozenset({"members", "link-members", "groups", "group-sets", "line-items", "results"})
DETAILS = frozenset({"seconds", "pause", "status", "retry_after", "size", "pages"})


@define(eq=False)
class Rule:
    """One misbehaviour, and when it shows. Those of pages show where lists are read, and nowhere else."""

    kind: str
    at: str
    left: int | None
    one_in: int | None
    details: Details
    _random: Random

    def meets(self, call: Call) -> bool:
        """Whether it meets this call; each yes counts."""
        if self.left == 0 or not _matches(self.at, call):
            return False
        if self.kind in OF_LISTS and not (call.kind in LISTS and call.method == "GET"):
            return False
        if self.one_in is not None and self._random.randrange(self.one_in):
            return False
        if self.left is not None:
            self.left -= 1
        return True


@define(eq=False)
class Misbehaviours:
    """All that the platform was told to do wrong. Of several rules that meet a call, the one told first counts."""

    _rules: list[Rule] = field(factory=list, init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def add(self, kind: str, at: str, times: int | None, one_in: int | None, seed: int, details: Details) -> None:
        """See `SimulatedPlatform.misbehave`.

        Raises:
            ConfigurationError: `config.misbehaviour_unknown`.
        """
        if kind not in KINDS or not DETAILS.issuperset(details):
            known = f"{', '.join(KINDS)}; with {', '.join(sorted(DETAILS))}"
            message = f"There is no such misbehaviour. There are {known}."
            found = ", ".join((kind, *details))
            raise ConfigurationError("config.misbehaviour_unknown", message, expected=known, found=found)
        chance = Random(seed)  # noqa: S311  # no secret: a test wants the same every time
        with self._lock:
            self._rules.append(Rule(kind, at, times, one_in, details, chance))

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._rules.clear()

    def meeting(self, call: Call) -> Rule | None:
        """The rule that meets this call."""
        with self._lock:
            return next((rule for rule in self._rules if rule.meets(call)), None)


def _matches(at: str, call: Call) -> bool:
    method, _, kind = at.rpartition(" ")
    if kind == call.kind:
        return method in ("", call.method)
    return at in call.target


def _refusal(status: int) -> HttpResponse:
    body = {"status": status, "error": "misbehaving", "message": "The platform was told to answer so."}
    return HttpResponse(status=status, headers={"content-type": "application/json"}, body=as_json(body))


def _leading(response: HttpResponse, address: str) -> HttpResponse:
    return evolve(response, headers={**response.headers, "link": f'<{address}>; rel="next"'})


def _emptied(response: HttpResponse) -> HttpResponse:
    page = json.loads(response.body)
    if isinstance(page, dict):
        page = {name: [] if isinstance(value, list) else value for name, value in page.items()}
    return evolve(response, body=as_json(page if isinstance(page, dict) else []))


def _counted(doing: Doing, marker: str) -> int:
    digits = doing.call.query.get(marker, "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0


def _marked(doing: Doing, marker: str, number: int) -> str:
    path, _, query = doing.call.target.partition("?")
    others = [part for part in query.split("&") if part and not part.startswith(f"{marker}=")]
    return f"{doing.base}{path}?{'&'.join((*others, f'{marker}={number}'))}"


def base_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
