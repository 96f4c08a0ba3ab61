"""Launches that do not belong to the login, or to the browser, that they are sent for."""

from attrs import evolve

from lti_adapters.simulator.draft import Draft
from lti_adapters.simulator.variation import Variation


def sent_twice(draft: Draft) -> Draft:
    """The very same form, after it was accepted."""
    form = draft.form
    return evolve(draft, fields=form, before=(form,))


def signed_twice(draft: Draft) -> Draft:
    """A launch is accepted; then comes another token for the same login."""
    return evolve(draft.having({"exp": draft.now + 120}), before=(draft.form,))


def of_another_browser(draft: Draft) -> Draft:
    """State and nonce belong together, but to a login that another browser began."""
    other = draft.another_login()
    return evolve(draft.having({"nonce": other["nonce"]}), state=other["state"])


def with_a_forged_state(draft: Draft) -> Draft:
    """One letter of the state is another one."""
    before, letter, after = draft.state[:-10], draft.state[-10], draft.state[-9:]
    return evolve(draft, state=f"{before}{'A' if letter != 'A' else 'B'}{after}")


def with_an_error(draft: Draft) -> Draft:
    """The platform answers that nobody is logged in."""
    text = "The user is not logged in."
    return evolve(draft, fields=(("error", "login_required"), ("error_description", text), ("state", draft.state)))


NONCES = (
    Variation(
        "replayed", "Replayed launch", "The same form is sent twice. The first one passes, the second must not.",
        "launch.nonce_used", sent_twice,
    ),
    Variation(
        "nonce-reused", "Nonce used again", "After an accepted launch comes a new token with the same nonce.",
        "launch.nonce_used", signed_twice,
    ),
    Variation(
        "nonce-of-another-login", "Nonce of another login", "A token made for one login is put into another one.",
        "launch.nonce_mismatch", lambda d: d.having({"nonce": d.another_login()["nonce"]}),
    ),
    Variation(
        "no-nonce", "No nonce", "Nothing ties the token to this login.",
        "launch.nonce_missing", lambda d: d.lacking("nonce"),
    ),
)  # fmt: skip

STATES = (
    Variation(
        "other-browser", "Login of another browser", "The launch answers a login that another browser began: somebody"
        " could be made to work in another person's name.",
        "launch.browser_mismatch", of_another_browser,
    ),
    Variation(
        "no-state", "No state", "The form holds only the token.",
        "launch.state_missing", lambda d: evolve(d, fields=(("id_token", d.token),)),
    ),
    Variation(
        "forged-state", "Forged state", "The state is not the one that the tool signed.",
        "launch.state_invalid", with_a_forged_state,
    ),
    Variation(
        "platform-error", "Error of the platform", "In place of a token the platform answers login_required.",
        "launch.refused_by_platform", with_an_error,
    ),
)  # fmt: skip

LOGINS = (
    Variation(
        "login-unknown-issuer", "Login from an unknown platform", "No registration has that issuer.",
        "login.issuer_unknown", login=lambda p: {**p, "iss": "https://another-platform.example"},
    ),
    Variation(
        "login-unknown-client", "Login for another tool", "The platform asks for a client id that is not this tool's.",
        "login.client_unknown", login=lambda p: {**p, "client_id": "another-tool"},
    ),
    Variation(
        "login-foreign-target", "Login that leads elsewhere", "The tool would become a trap that redirects anywhere.",
        "login.target_link_uri_foreign", login=lambda p: {**p, "target_link_uri": "https://elsewhere.example/trap"},
    ),
    Variation(
        "login-no-hint", "Login without a hint", "Nothing tells the platform later whom it wanted to launch.",
        "login.login_hint_missing", login=lambda p: {name: p[name] for name in p if name != "login_hint"},
    ),
)  # fmt: skip
