"""A page: what a framework sends to a browser; and how one is made from a template."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from urllib.parse import SplitResult, urlsplit

from attrs import field, frozen
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from lti_core.errors import ConfigurationError

_HERE = "lti_adapters.pages"
ANYWHERE = ("*",)
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin",
}


@frozen
class Page:
    """Status, headers and text of an answer. `html` has whole characters only, so that it encodes as UTF-8."""

    status: int
    html: str = field(repr=False)
    headers: Mapping[str, str]


@frozen(eq=False)
class Pages:
    """The pages of one package: its templates over the common base, and the one stylesheet that all of them carry."""

    environment: Environment
    style: str

    def render(
        self,
        template: str,
        values: Mapping[str, object],
        *,
        status: int = 200,
        language: str = "en",
        framed_by: Iterable[str] = ANYWHERE,
        script: str = "",
        forms_go_to: str = "'self'",
    ) -> Page:
        """Fill in a template; everything in `values` is escaped.

        Args:
            language: a BCP 47 code for `<html lang>`.
            framed_by: origins of sites that may show the page in a frame. Name them where the page can do something.
            script: what the template runs as `{{ script|safe }}`, a constant of ours; no other script runs.
            forms_go_to: source of the policy's `form-action`, a constant of ours.

        Raises:
            ConfigurationError: `config.frame_ancestors_invalid`.
        """
        html = self.environment.get_template(template).render(
            values, style=self.style, script=script, language=language
        )
        # Half a character, as hostile texts have them, could not be sent.
        whole = html.encode(errors="replace").decode()
        policy = (
            "default-src 'none'",
            f"style-src {_hash_of(self.style)}",
            *([f"script-src {_hash_of(script)}"] if script else []),
            "base-uri 'none'",
            f"form-action {forms_go_to}",
            f"frame-ancestors {_sources(tuple(framed_by))}",
        )
        return Page(status, whole, MappingProxyType({**_HEADERS, "Content-Security-Policy": "; ".join(policy)}))


def pages_of(package: str) -> Pages:
    """The pages in the folder `templates` of `package`; its `style.css`, if any, comes after the common one."""
    packages = dict.fromkeys((_HERE, package))
    sheets = (files(name).joinpath("templates", "style.css") for name in packages)
    style = "".join(sheet.read_text("utf-8") for sheet in sheets if sheet.is_file())
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in reversed(packages)]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Pages(environment, style)


@cache
def common_pages() -> Pages:
    """The pages of every tool: refusals, and a form on its way to the platform."""
    return pages_of(_HERE)


def origin_of(url: object) -> str | None:
    """Scheme, host and port of an absolute http(s) address, fit for a policy; None for anything else."""
    parts = _web_address(url)
    if parts is None or not _HOST.fullmatch(host := parts.hostname or ""):
        return None
    bracketed = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{bracketed}:{parts.port}" if parts.port else f"{parts.scheme}://{bracketed}"


def link_of(url: object) -> str | None:
    """`url` where it may become a link: an absolute http(s) address."""
    return str(url) if _web_address(url) else None


def _web_address(url: object) -> SplitResult | None:
    try:
        parts = urlsplit(url) if isinstance(url, str) and url.isprintable() and " " not in url else None
        sound = parts is not None and parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:  # brackets or a port that make no sense
        return None
    return parts if sound else None


def _hash_of(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sources(framed_by: tuple[str, ...]) -> str:
    """A source list; what is no origin could end the directive."""
    for source in framed_by:
        if source != "*" and origin_of(source) != source:
            message = "A page is framed by origins, as https://lms.example."
            raise ConfigurationError("config.frame_ancestors_invalid", message, found=source)
    return " ".join(framed_by) or "'none'"
