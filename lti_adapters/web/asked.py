"""Asked: a request, as a framework's adapter tells it."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from attrs import field, frozen

from lti_core.making import maker_of

FORM = "application/x-www-form-urlencoded"
HTML, JSON = "text/html", "application/json"
MAX_BODY = 256 * 1024  # a token has at most half of it
MOST_FIELDS = 1000  # to take a form apart takes time for each field, before anybody was asked who they are

Fields = list[tuple[str, str]]


class TooLarge(Exception):  # each endpoint says it with a code of its own
    """A body of more than 256 KiB, or more than 1,000 fields."""


@frozen(kw_only=True, eq=False, weakref_slot=False)
class Asked:
    """A request, as the addresses of a tool need it. Nothing in it is proved.

    Attributes:
        launch_url: the tool's launch address, as the framework tells it from this request.
        query: what follows the `?`, as it was sent.
        cookie, accept, origin, fetch_dest: the headers `Cookie`, `Accept`, `Origin` and `Sec-Fetch-Dest`; empty where
            the request has none.
        media_type: of the body, in small letters and without parameters.
        read_body: the body, when it has at most so many bytes; else raises `TooLarge`.
        form: the fields of the form, repeats kept, where the framework has read it already: the body is gone then.
    """

    method: str
    launch_url: str
    query: str = field(default="", repr=False)
    cookie: str = field(default="", repr=False)
    accept: str = ""
    origin: str = ""
    fetch_dest: str = ""
    media_type: str = ""
    read_body: Callable[[int], bytes] = field(default=lambda _: b"", repr=False)
    form: Fields | None = field(default=None, repr=False)

    def query_fields(self) -> Fields:
        """The parameters in the address, repeats kept.

        Raises:
            TooLarge: before they are taken apart.
        """
        if self.query.count("&") >= MOST_FIELDS:
            raise TooLarge
        return parse_qsl(self.query, keep_blank_values=True, errors="replace")

    def form_fields(self) -> Fields:
        """The fields of the posted form, repeats kept; none of a body of another kind.

        Raises:
            TooLarge: before they are taken apart.
        """
        if self.media_type != FORM:
            return []
        if self.form is not None:
            return self.form
        body = self.read_body(MAX_BODY)
        if body.count(b"&") >= MOST_FIELDS:
            raise TooLarge
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True)

    def cookies(self) -> dict[str, str]:
        """The request's cookies; of one name the first counts. Those that this tool sets need no unquoting."""
        found: dict[str, str] = {}
        for pair in self.cookie.split(";"):
            name, _, value = pair.partition("=")
            found.setdefault(name.strip(), value.strip())
        return found

    @property
    def wants_json(self) -> bool:
        """Whether JSON is asked for, and more so than a page."""
        return _wish(self.accept, JSON) > _wish(self.accept, HTML)

    @property
    def wants_page(self) -> bool:
        """Whether a page is asked for, and more so than JSON."""
        return _wish(self.accept, HTML) > _wish(self.accept, JSON)


make_asked = maker_of(Asked)


def _wish(accept: str, kind: str) -> tuple[float, bool]:
    """How much a kind of answer is wanted, and whether by its own name (RFC 9110 §12.5.1)."""
    anything = 0.0
    for part in accept.split(","):
        name, *parameters = (word.strip().lower() for word in part.split(";"))
        weight = next((_number(word[2:]) for word in parameters if word.startswith("q=")), 1.0)
        if name == kind:
            return weight, True
        if name in ("*/*", f"{kind.partition('/')[0]}/*"):
            anything = max(anything, weight)
    return anything, False


def _number(text: str) -> float:
    """A weight: "0.8". What is none counts nothing."""
    return float(text) if len(text) <= 5 and text.isascii() and text.replace(".", "", 1).isdigit() else 0.0
