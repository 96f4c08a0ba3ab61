"""Rules about the members of a registration: there, of the right type, and addresses that lead somewhere."""

from difflib import get_close_matches
from ipaddress import ip_address
from urllib.parse import urlsplit

from lti_adapters.cli.check.finding import Entry, Findings

ADDRESSES = ("auth_login_url", "auth_token_url", "key_set_url")
TEXTS = ("client_id", *ADDRESSES, "auth_audience", "private_key", "private_key_file", "public_key_file")
MEMBERS = (*TEXTS, "key_set", "deployment_ids", "deployments", "default")
REQUIRED = {
    "client_id": "what the platform calls this tool",
    "auth_login_url": "the platform's authentication request address",
}


def known(entry: Entry) -> Findings:
    """A member that nobody reads is often a misspelt one."""
    for name in entry.values:
        if name not in MEMBERS:
            near = get_close_matches(name, MEMBERS, n=1)
            remedy = f'Write "{near[0]}".' if near else f"Known members are {', '.join(MEMBERS)}."
            yield entry.warning("member-unknown", name, f'The member "{name}" means nothing here.', remedy)


def required(entry: Entry) -> Findings:
    """Without these nothing works."""
    for name, meaning in REQUIRED.items():
        if name not in entry.values:
            yield entry.error("member-missing", name, f'"{name}" is missing: {meaning}.', "Copy it from the platform.")
    if "auth_token_url" not in entry.values:
        what = '"auth_token_url" is missing, so the platform\'s services (grades, members) cannot be used.'
        yield entry.warning("token-url-missing", "auth_token_url", what, "Copy it from the platform.")


def types(entry: Entry) -> Findings:
    """Nothing is converted silently."""
    for name in TEXTS:
        value = entry.values.get(name, "x")
        if not isinstance(value, str) or not value:
            what = f'"{name}" must be a text that is not empty.'
            yield entry.error("member-type", name, what, "Put it in quotes, or write null where there is none.")
        elif value != value.strip() and name != "private_key":
            yield entry.error("member-blank", name, f'"{name}" begins or ends with a blank.', "Remove the blank.")
    if not isinstance(entry.values.get("default", False), bool):
        yield entry.error("member-type", "default", '"default" must be true or false.', "Remove the quotes.")


def deployments(entry: Entry) -> Findings:
    """Which deployments may launch."""
    ids, mode = entry.values.get("deployment_ids"), entry.values.get("deployments", "closed")
    everybody = 'Copy them from the platform, or write "deployments": "any" where it makes new ones by itself.'
    if mode not in ("closed", "any"):
        what = '"deployments" must be "closed" or "any".'
        yield entry.error("member-type", "deployments", what, 'Leave it out where "deployment_ids" lists them all.')
    if ids is None and mode != "any":
        yield entry.error("member-missing", "deployment_ids", '"deployment_ids" is missing.', everybody)
    elif ids == [] and mode != "any":
        yield entry.error(
            "deployments-none", "deployment_ids", "No deployment may launch: the list is empty.", everybody
        )
    elif ids is not None and not _are_texts(ids):
        what = '"deployment_ids" must be a list of texts.'
        yield entry.error("member-type", "deployment_ids", what, 'Put each in quotes, as ["1", "2"].')


def _are_texts(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(one, str) and one for one in values)


def addresses(entry: Entry) -> Findings:
    """Absolute, and https unless on this very machine."""
    for name in ADDRESSES:
        url = entry.text(name)
        if url is None:
            continue
        scheme, host = _parts(url)
        if scheme not in ("https", "http") or not host:
            remedy = 'Write it with https:// and the host, as "https://lms.example/path".'
            yield entry.error("url-invalid", name, f'"{name}" is not an address: {url}', remedy)
        elif scheme == "http" and not _is_loopback(host):
            what = f'"{name}" is http, so that anybody on the way can read and change what is said: {url}'
            yield entry.error("url-not-https", name, what, "Write https://; plain http is for this machine only.")


def _parts(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or ""
    except ValueError:
        return "", ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


RULES = (known, required, types, deployments, addresses)
