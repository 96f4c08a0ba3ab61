"""Advice where a login is refused."""

from lti_adapters.pages.advice.advice import LAUNCH_URL, LTI_1_1, PLATFORM_BUG, no_login

LOGIN = {
    "login.issuer_missing": no_login(
        "The login address was opened without `iss`. Only a platform opens it: give the platform this address as its"
        " login (initiation) address, and the launch address as its redirect address."
    ),
    "login.issuer_unknown": no_login(
        "Register the platform in this tool, under exactly the issuer that is shown as found. A slash at the end, http"
        " for https, or another letter case makes another issuer."
    ),
    "login.login_hint_missing": no_login(PLATFORM_BUG),
    "login.target_link_uri_missing": no_login(PLATFORM_BUG),
    "login.target_link_uri_foreign": no_login(LAUNCH_URL),
    "login.client_unknown": no_login(
        "The platform is known, this client id is not. Add a registration with the client id that the platform shows,"
        " or correct the one that is there."
    ),
    "login.client_ambiguous": no_login(
        "This platform has several registrations and did not say which one it means. Mark one of them as default, or"
        " let the platform send client_id."
    ),
    "login.parameter_repeated": no_login(
        "Each parameter may be sent once. Look whether the login address in the platform already ends with parameters"
        " of its own."
    ),
    "login.parameter_too_long": no_login("A parameter has more than 8 KiB. " + PLATFORM_BUG),
    "login.parameter_malformed": no_login(PLATFORM_BUG),
    "login.lti11_not_supported": no_login(LTI_1_1),
    "login.too_large": no_login("The form that was posted is too large to be a login. " + PLATFORM_BUG),
    "login.method_not_allowed": no_login("The login address answers GET and POST only."),
    "login.storage_target_malformed": no_login(
        "A warning only: the login goes on, but without the platform's storage, so that browsers which keep no cookies"
        " need a new window. " + PLATFORM_BUG
    ),
}
