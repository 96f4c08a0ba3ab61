"""Logins: what is asked, where it leads, and the page that looks for cookies."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from werkzeug.test import Client

from tests.pylti1p3.cases.kit import ISSUER, LAUNCH_URL, Cases, Of, jwk, private_pem
from tests.pylti1p3.cases.site import CLAIMS, Site, configured

SENT: dict[str, dict[str, str]] = {
    "as platforms do": {},
    "without issuer": {"iss": ""},
    "without login hint": {"login_hint": ""},
    "without client id": {"client_id": ""},
    "without target": {"target_link_uri": ""},
    "another issuer": {"iss": "https://other.example"},
    "another client id": {"client_id": "c9"},
    "with message hint": {"lti_message_hint": "m-1"},
    "with deployment": {"lti_deployment_id": "1"},
    "with deployment of nobody": {"lti_deployment_id": "9"},
    "with signs": {"login_hint": "a b&c=d/ü"},
}
MADE_UP = ("state", "nonce")
ENTRIES: dict[str, list[dict[str, Any]]] = {
    "one client": [{}],
    "a default": [{}, {"client_id": "c2", "default": True}],
    "no default": [{}, {"client_id": "c2"}],
}


def cases(of: Of) -> Cases:
    """All of them."""
    site = Site(of)
    for name, changes in SENT.items():
        yield f"login: {name}", way(site, **changes)
    for name, entries in ENTRIES.items():
        site.configuration = configured(of, entries)
        for client_id in ("", "c1", "c2", "c9"):
            yield f"login: {name}, for {client_id or 'nobody'}", way(site, client_id=client_id)
    site.configuration = of("tool_config").ToolConfDict({ISSUER: entry_of_one()})
    site.configuration.set_private_key(ISSUER, private_pem("tool"))
    for client_id in ("", "c1", "c9"):
        yield f"login: an entry, for {client_id or 'nobody'}", way(site, client_id=client_id)
    yield from of_addresses(of)
    yield from of_cookies(of)
    yield from of_questions(of)


def of_addresses(of: Of) -> Cases:
    """Where the launch is to lead, and where the platform is."""
    site = Site(of)
    for url in ("", None, LAUNCH_URL, f"{LAUNCH_URL}?a=b", "https://other.example/launch"):
        site.log_in = lambda login, url=url: login.redirect(url)
        yield f"login: redirect({url!r})", way(site)
    site.log_in = lambda login: login.redirect(login._request.get_param("target_link_uri"))
    yield "login: to where its request says", way(site)
    yield "login: to where its request says, elsewhere", way(site, target_link_uri="https://evil.example/")
    site.log_in = lambda login: login.get_redirect_object(LAUNCH_URL).do_redirect()
    yield "login: redirect object", way(site)
    site.log_in = lambda login: login.redirect(LAUNCH_URL, js_redirect=True)
    yield "login: redirect by a script", {"is": "window.location" in site.asked().text}
    site = Site(of, auth_login_url=f"{ISSUER}/auth?school=7")
    yield "login: login address with a query", way(site)
    site.configuration = of("tool_config").ToolConfDict({ISSUER: [entry_of_one()]})
    yield "login: without private key", way(site)


def of_cookies(of: Of) -> Cases:
    """The cookie of a login, what is kept, and the page that looks for cookies."""
    site = Site(of)
    headers = site.asked().headers.getlist("Set-Cookie")
    yield "cookie: attributes of the login's", {"is": attributes(next(one for one in headers if "lti1p3" in one))}
    yield "session: what a login keeps", {"is": any(header.startswith("session=") for header in headers)}
    site.browser = Client(site.app)
    sent = site.login()
    yield "login: order of the parameters", {"is": list(sent)}
    yield "login: shape of the state", {"is": re.sub(r"[0-9a-f-]{36}$|ey.*", "...", sent["state"])}
    yield "login: length of the nonce", {"is": len(sent["nonce"])}
    site.log_in = lambda login: login.enable_check_cookies("<b>main</b>", "click", "load").redirect(LAUNCH_URL)
    page = site.asked()
    for element in ("lti1p3-loading-msg", "lti1p3-warning-msg", "lti1p3-new-tab-link"):
        yield f"cookie page: {element}", {"is": f'id="{element}"' in page.text}
    yield "cookie page: status and cookies", {"is": [page.status_code, "Set-Cookie" in page.headers]}
    yield "cookie page: texts as HTML", {"is": "<b>main</b>" in page.text}
    yield "cookie page: not in the new window", {"is": site.asked(lti1p3_new_window="1").status_code}
    site.log_in = lambda login: login.enable_check_cookies().disable_check_cookies().redirect(LAUNCH_URL)
    yield "cookie page: switched off", {"is": site.asked().status_code}


def of_questions(of: Of) -> Cases:
    """What a login can be asked, and what it hands to the launch."""
    site = Site(of)
    for name in ("get_iss", "get_client_id", "get_additional_login_params"):
        site.log_in = lambda login, name=name: {"is": getattr(login, name)()}
        yield f"login: {name}, before", site.asked().json
        site.log_in = lambda login, name=name: {"is": (login.redirect(LAUNCH_URL), getattr(login, name)())[1]}
        yield f"login: {name}, after", site.asked().json
    site.log_in = lambda login: {"is": login.validate_oidc_login().get_client_id()}
    for name in ("as platforms do", "without issuer", "without login hint", "another issuer"):
        yield f"login: validate_oidc_login, {name}", site.asked(**SENT[name]).json
    site.log_in = lambda login: {"is": login.set_launch_data_lifetime(60) is login}
    yield "login: lifetime of a session", site.asked().json
    for params in ({"a": "b"}, {}, {"a": [1, {"b": None}]}):
        site.log_in = lambda login, params=params: login.pass_params_to_launch(params).redirect(LAUNCH_URL)
        site.use = lambda launch: launch.get_params_from_login()
        yield f"login: {params} handed on", {"is": site.launched(CLAIMS).get("is")}
    site.log_in = lambda login: login.redirect(LAUNCH_URL)
    yield "login: nothing handed on", {"is": site.launched(CLAIMS).get("is")}


def way(site: Site, **changes: str) -> Any:
    """Where the browser is sent to; what was made up by chance is only said to be there."""
    site.browser = Client(site.app)
    answer = site.asked(**changes)
    if answer.status_code != 302:
        return answer.json
    address = urlsplit(answer.headers["Location"])
    sent = {name: "made up" if name in MADE_UP else text for name, text in parse_qsl(address.query)}
    return {"is": [f"{address.scheme}://{address.netloc}{address.path}", sent]}


def attributes(header: str) -> list[str]:
    """Of a cookie, without its name and value."""
    parts = [part.strip() for part in header.split(";")][1:]
    return sorted(part for part in parts if not part.lower().startswith("expires"))


def entry_of_one() -> dict[str, Any]:
    """An entry of a configuration, without its issuer."""
    return {
        "client_id": "c1",
        "auth_login_url": f"{ISSUER}/auth",
        "auth_token_url": f"{ISSUER}/token",
        "key_set": {"keys": [jwk("platform")]},
        "deployment_ids": ["1"],
    }
