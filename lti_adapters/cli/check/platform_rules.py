"""Rules about single platforms: what their administrators get wrong most often."""

from urllib.parse import urlsplit

from lti_adapters.cli.check.finding import Entry, Finding, Findings
from lti_adapters.cli.check.located import Place
from lti_adapters.cli.check.members import ADDRESSES

BRIGHTSPACE_TOKENS = "auth.brightspace.com"
BRIGHTSPACE_AUDIENCE = "https://api.brightspace.com/auth/token"
CANVAS = "instructure.com"
CANVAS_ISSUERS = (
    "https://canvas.instructure.com",
    "https://canvas.beta.instructure.com",
    "https://canvas.test.instructure.com",
)
CANVAS_PATHS = ("/api/lti/authorize_redirect", "/login/oauth2/token", "/api/lti/security/jwks")


def brightspace(entry: Entry) -> Findings:
    """Brightspace wants an audience that is not its token address."""
    if (
        _host(entry.text("auth_token_url")) == BRIGHTSPACE_TOKENS
        and entry.text("auth_audience") != BRIGHTSPACE_AUDIENCE
    ):
        what = "Brightspace gives access tokens only to requests that are made out to its own audience."
        remedy = f'Write "auth_audience": "{BRIGHTSPACE_AUDIENCE}".'
        yield entry.error("brightspace-audience", "auth_audience", what, remedy)


def canvas_addresses(entry: Entry) -> Findings:
    """Canvas moved; its old addresses still answer, but not all that browsers need works with them."""
    for name in ADDRESSES:
        url = entry.text(name)
        host = _host(url)
        if url is not None and _is_hosted_canvas(host) and urlsplit(url).path in CANVAS_PATHS:
            remedy = f"Write https://{_moved_to(host)}{urlsplit(url).path}."
            what = "This is an old address of Canvas, with which platform storage does not work."
            yield entry.warning("canvas-old-address", name, what, remedy)


def canvas_issuer(issuer: str, at: Place) -> Findings:
    """All schools that Canvas hosts have one issuer."""
    if _is_hosted_canvas(_host(issuer)) and issuer.rstrip("/") not in CANVAS_ISSUERS:
        what = f"Canvas does not use the address of a school, {issuer}, as its issuer."
        remedy = f"Write {CANVAS_ISSUERS[0]}, or the one of beta or test."
        yield Finding("canvas-issuer", at, what, remedy, is_error=False)


def _is_hosted_canvas(host: str) -> bool:
    return host.endswith(f".{CANVAS}")


def _moved_to(host: str) -> str:
    stage = next((stage for stage in ("beta", "test") if f".{stage}." in host), None)
    return f"sso.{stage}.canvaslms.com" if stage else "sso.canvaslms.com"


def _host(url: str | None) -> str:
    try:
        return urlsplit(url or "").hostname or ""
    except ValueError:
        return ""


RULES = (brightspace, canvas_addresses)
