"""What to do about a refusal: one sentence or two for the person who sees it, and one or two for the administrator."""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

_AGAIN = "Open the activity again from your course."
_LATER = "Wait a minute, then open the activity again from your course."
_TELL = (
    "Open the activity again from your course. If this page comes back, show it to whoever looks after the platform:"
    " the details below are for them."
)
_ASK = "You cannot mend this yourself. Show this page to whoever looks after the platform: the details are for them."
_PLATFORM_BUG = (
    "The platform sends what the LTI standard does not allow. Look for an update of the platform, or report the code"
    " and the section below to its vendor."
)
_REGISTRATION = "Compare the registration in this tool with what the platform shows for it, letter for letter."
_CLOCK = "Compare the clocks of both servers: a minute of difference is too much. Let both keep time by NTP."
_KEYS = "Check that the registration names the key set address that the platform shows, and that it opens from here."
_LAUNCH_URL = (
    "Give the platform an address that this tool launches from, or add the address of that link to tool.urls in this"
    " tool's settings."
)
_LTI_1_1 = (
    "The platform launched with LTI 1.1 (a consumer key and a secret). This tool speaks LTI 1.3: remove the old link or"
    " tool there and add the tool as LTI 1.3, with its login, launch and key set addresses."
)
_ATTACK = (
    "If it happens to one person, it is a stale page or browser. If it happens to everybody, something between browser"
    " and tool changes what is sent; look for a proxy that rewrites addresses or strips cookies."
)


@frozen
class Advice:
    """What a person can do, and what an administrator does. `heading` ends the key of a text: `heading.launch`."""

    person: str
    administrator: str
    heading: str = "launch"


def _again(administrator: str) -> Advice:
    return Advice(_AGAIN, administrator, "again")


def _tell(administrator: str) -> Advice:
    return Advice(_TELL, administrator)


def _ask(administrator: str) -> Advice:
    return Advice(_ASK, administrator)


def _login(administrator: str) -> Advice:
    return Advice(_ASK, administrator, "login")


def _down(administrator: str) -> Advice:
    return Advice(_LATER, administrator, "unavailable")


_CHECK_SENT = "Go back, and check what you entered."
_BUG = _ask(_PLATFORM_BUG)

_LOGIN = {
    "login.issuer_missing": _login(
        "The login address was opened without `iss`. Only a platform opens it: give the platform this address as its"
        " login (initiation) address, and the launch address as its redirect address."
    ),
    "login.issuer_unknown": _login(
        "Register the platform in this tool, under exactly the issuer that is shown as found. A slash at the end, http"
        " for https, or another letter case makes another issuer."
    ),
    "login.login_hint_missing": _login(_PLATFORM_BUG),
    "login.target_link_uri_missing": _login(_PLATFORM_BUG),
    "login.target_link_uri_foreign": _login(_LAUNCH_URL),
    "login.client_unknown": _login(
        "The platform is known, this client id is not. Add a registration with the client id that the platform shows,"
        " or correct the one that is there."
    ),
    "login.client_ambiguous": _login(
        "This platform has several registrations and did not say which one it means. Mark one of them as default, or"
        " let the platform send client_id."
    ),
    "login.parameter_repeated": _login(
        "Each parameter may be sent once. Look whether the login address in the platform already ends with parameters"
        " of its own."
    ),
    "login.parameter_too_long": _login("A parameter has more than 8 KiB. " + _PLATFORM_BUG),
    "login.parameter_malformed": _login(_PLATFORM_BUG),
    "login.lti11_not_supported": _login(_LTI_1_1),
    "login.too_large": _login("The form that was posted is too large to be a login. " + _PLATFORM_BUG),
    "login.method_not_allowed": _login("The login address answers GET and POST only."),
}
_ANSWER = {
    "launch.refused_by_platform": Advice(
        "The learning platform itself stopped this launch. Check that you are still signed in there, then open the"
        " activity again from your course.",
        "The platform's own word for the reason is shown as found. Its log says more; this tool was not the one that"
        " refused.",
        "platform",
    ),
    "launch.method_not_allowed": Advice(
        "This address is not one to open by hand, to reload or to keep as a bookmark. " + _AGAIN,
        "A platform posts a form to the launch address. If a person was sent here by the platform, check that this is"
        " its redirect address and that no proxy turns POST into GET.",
        "again",
    ),
    "launch.lti11_not_supported": _ask(_LTI_1_1),
    "launch.id_token_missing": _tell(
        "A platform posts id_token and state to the launch address. Give it the login address for the start of a"
        " launch: an LTI 1.3 launch never begins here."
    ),
    "launch.parameter_repeated": _BUG,
    "launch.parameter_malformed": _BUG,
    "launch.state_missing": _tell(_ATTACK),
    "launch.state_invalid": _tell(
        "The state was not made by this tool, or its secret has changed since. Let all servers of this tool have the"
        " same state.secrets or the same private key. " + _ATTACK
    ),
    "launch.state_expired": _again(
        "More than ten minutes passed between login and launch: mostly a reloaded page, or a sign-in at the platform"
        " that took long. Nothing needs to be done."
    ),
    "launch.browser_mismatch": Advice(
        "Your browser did not send back the small file (a cookie) that this tool gave it a moment ago. Browsers hold"
        " cookies back from pages that are shown inside another site. Open the activity again from your course; if"
        " that does not help, let it open in a new window or tab, or allow cookies for this tool.",
        "Let the platform open the tool in a new window, or ask people to allow third-party cookies for this tool. If"
        " it happens in every browser, check that the tool is reached over https and that no proxy strips cookies.",
        "browser",
    ),
    "launch.not_remembered": _again(
        "A launch is remembered for some hours (launches.lifetime). If it is forgotten at once, let the servers of this"
        " tool share one store (storage.url)."
    ),
    "launch.not_launched": _again("The address was opened without a launch, or a link of this tool lost it."),
    "launch.too_large": _ask("What was posted is larger than any launch. " + _PLATFORM_BUG),
}
_TOKEN = {
    "launch.token_malformed": _BUG,
    "launch.algorithm_not_allowed": _ask(
        "Let the platform sign with RS256 (or RS384, RS512, ES256, ES384, ES512), with a key that fits the algorithm."
    ),
    "launch.critical_header": _BUG,
    "launch.kid_missing": _BUG,
    "launch.key_not_found": _tell(
        "The platform signed with a key that its key set does not hold. " + _KEYS + " Just after the platform changed"
        " its keys, a few minutes of waiting help."
    ),
    "launch.key_set_unavailable": Advice(_LATER, "The platform's keys could not be fetched. " + _KEYS),
    "launch.key_set_malformed": _ask("What the platform answers under its key set address is no key set. " + _KEYS),
    "launch.signature_invalid": _tell(
        "The launch was not signed by the key that the platform publishes under this name. " + _KEYS + " If the keys"
        " stand in the registration itself, replace them by the platform's present ones. If they are right, somebody"
        " forged this launch."
    ),
    "launch.issuer_mismatch": _ask(_REGISTRATION + " The issuer must be the same text in both."),
    "launch.audience_mismatch": _ask(_REGISTRATION + " The launch was made for another client id."),
    "launch.azp_missing": _BUG,
    "launch.azp_mismatch": _ask(_REGISTRATION + " The launch was made for another client id."),
    "launch.token_expired": _again(
        "A launch is good for a minute or an hour, as the platform chooses, and cannot be reloaded later. If each"
        " launch is refused so: " + _CLOCK
    ),
    "launch.exp_missing": _BUG,
    "launch.iat_missing": _BUG,
    "launch.issued_in_future": Advice(_LATER, _CLOCK),
    "launch.token_too_old": _again(_CLOCK),
    "launch.not_yet_valid": Advice(_LATER, _CLOCK),
    "launch.nonce_missing": _BUG,
    "launch.nonce_mismatch": _tell("The answer belongs to another login. " + _ATTACK),
    "launch.nonce_used": _again(
        "Each launch works once, so that nobody can repeat what was listened in on: a reload of the page is enough to"
        " see this. If first launches are refused so, look for something that posts each form twice."
    ),
}
_CLAIMS = {
    "launch.message_type_missing": _BUG,
    "launch.message_type_unknown": _ask(
        "This tool has nothing to answer to this kind of message. Remove the placement or the link from the platform,"
        " or add a handler for the message to the tool."
    ),
    "launch.version_unsupported": _ask("Let the platform launch this tool as LTI 1.3 (version 1.3.0)."),
    "launch.deployment_missing": _BUG,
    "launch.deployment_unknown": _ask(
        "Add the deployment id that is shown as found to the registration, if the tool shall be used there. For"
        ' platforms that make a new one for each course or school, set "deployments": "any".'
    ),
    "launch.deployment_mismatch": _BUG,
    "launch.deployment_refused": _ask("This tool was told not to accept this deployment; its own settings say why."),
    "launch.target_link_uri_missing": _BUG,
    "launch.target_link_uri_foreign": _ask(_LAUNCH_URL),
    "launch.target_link_uri_mismatch": _ask(_LAUNCH_URL),
    "launch.resource_link_missing": _BUG,
    "launch.resource_link_id_missing": _BUG,
    "launch.roles_missing": _BUG,
    "launch.roles_unknown": _BUG,
    "launch.mentor_scope_ignored": _BUG,
    "launch.tool_platform_ignored": _BUG,
    "launch.sub_missing": _ask(
        "The platform did not say who launches. Look for a privacy setting there that hides the user from this tool."
    ),
    "launch.identifier_too_long": _BUG,
    "launch.claim_malformed": _ask("The claim that is named has another shape than it must have. " + _PLATFORM_BUG),
    "launch.context_id_missing": _BUG,
    "launch.deep_linking_settings_missing": _BUG,
    "launch.deep_link_return_url_missing": _BUG,
    "launch.deep_link_return_url_invalid": _ask("The address that content is returned to must be https."),
    "launch.accept_types_missing": _BUG,
    "launch.accept_targets_missing": _BUG,
    "launch.review.ags_missing": _BUG,
    "launch.review.line_item_missing": _BUG,
    "launch.review.for_user_missing": _BUG,
    "launch.review.for_user_id_missing": _BUG,
    "launch.review.forbidden": Advice(
        "You may look at your own work, and teachers at everybody's.",
        "Who may see whose work follows from the roles that the platform sent. Check the person's role in the course.",
        "access",
    ),
}
_OLD_KEY = (
    "The account of LTI 1.1 is not joined. Compare the old consumer key and secret in this tool with what the platform"
    " has, or leave the accounts apart."
)

_LATER_REQUESTS = {
    "launch.no_return_url": _tell("The platform sent no address that leads back to the course. Nothing needs mending."),
    "launch.migration_key_unknown": _tell(_OLD_KEY),
    "launch.migration_signature_invalid": _tell(_OLD_KEY),
    "launch.migration_signature_missing": _tell(_OLD_KEY),
    "tool.role_required": Advice(
        "This page is for people with another role in the course. If that should be you, ask the teacher.",
        "The roles that the platform sent do not allow this. Check the person's role in the course.",
        "access",
    ),
    "tool.line_item_foreign": Advice(
        "Choose a line item of the course that you came from.",
        "Scores and results are for line items of the course that was launched from, by the address that their list"
        " tells.",
        "access",
    ),
    "tool.body_malformed": Advice(_CHECK_SENT, "The body that was sent is not as this address takes it.", "request"),
    "tool.parameter_malformed": Advice(
        _CHECK_SENT, "The address has a parameter that is not as it must be.", "request"
    ),
    "tool.score_missing": Advice(
        "Go back, and enter a score. To take a grade back, tick the box that says so.",
        "A form was sent without a score, but as fully graded: that would clear the grade that is there.",
        "value",
    ),
    "tool.number_malformed": Advice(
        "Go back, and write a number: digits, with a point where it is none of whole points, as 8.5.",
        "A field of the form that takes a number had something else in it.",
        "value",
    ),
    "tool.not_found": Advice(
        "Go back to the page of the launch: it leads to all that there is. " + _AGAIN,
        "No page of this tool has that address; the page of a launch and its JSON name those that it has.",
        "request",
    ),
    "tool.method_not_allowed": Advice(
        "Go back to the page of the launch, and choose again there.",
        "The address is there, but takes other methods: those that are named as expected.",
        "request",
    ),
    "tool.too_large": Advice(_CHECK_SENT, "What was sent has more than 1 MiB, or too many fields.", "request"),
    "tool.list_too_long": Advice(
        _LATER, "The platform told more than 512 MiB: perhaps its pages never end.", "service"
    ),
}

ADVICE: Mapping[str, Advice] = MappingProxyType({**_LOGIN, **_ANSWER, **_TOKEN, **_CLAIMS, **_LATER_REQUESTS})
"""By error code."""

KINDS: Mapping[str, Advice] = MappingProxyType(
    {
        "login": _login(_REGISTRATION),
        "launch": _tell(_REGISTRATION),
        "tool": Advice(_AGAIN, "The request is not one that this launch allows.", "access"),
        "deep_linking": Advice(
            "Pick other content, or ask whoever made this tool: the details below are for them.",
            "The tool wanted to send content that the platform does not take, or that breaks Deep Linking 2.0.",
            "value",
        ),
        "grant": Advice(
            _AGAIN,
            "What the platform granted is over, or its registration is gone; a new launch grants anew.",
            "access",
        ),
        "token": Advice(
            _ASK,
            "The platform gave this tool no access token. Compare token address, client id and key of the registration"
            " with what the platform shows, and let the platform fetch this tool's key set again.",
            "refused",
        ),
        "service": Advice(
            _LATER, "The platform did not answer a request of this tool, or answered what cannot be read.", "service"
        ),
        "http": Advice(_LATER, "The platform did not answer a request of this tool. " + _KEYS, "service"),
        "storage": _down(
            "The store that remembers logins and launches did not answer. Look at it, and at storage.url."
        ),
        "config": _down(
            "This tool is set up in a way that cannot work; the sentence above says what to write instead."
        ),
    }
)
"""By the first word of an error code: for codes that need no advice of their own."""

OUTCOMES: Mapping[str, Advice] = MappingProxyType(
    {
        "value": Advice(
            _CHECK_SENT,
            "A value that was to be sent cannot be; the sentence above names it. Nothing was sent to the platform.",
            "value",
        ),
        "withheld": Advice(
            "This launch does not allow it. Open the activity that it belongs to, or show this page to whoever looks"
            " after the platform: the details below are for them.",
            "The platform did not allow this with the launch; the sentence above says what it would have to. Nothing"
            " was sent to it.",
            "access",
        ),
        "refused": Advice(
            "If you entered something, go back and check it. If it is right, or there was nothing to enter, show this"
            " page to whoever looks after the platform: the details below are for them.",
            "The platform answered, and refused what this tool asked for.",
            "refused",
        ),
    }
)
"""By what became of a request to a platform: it was not sent for a value in it, or since the launch does not allow it;
or the platform said no. For codes that need no advice of their own."""

PLATFORM_ERRORS: Mapping[str, str] = MappingProxyType(
    {
        "login_required": "You are not signed in to the learning platform any more. Sign in there, then open the"
        " activity again from your course.",
        "interaction_required": "The learning platform wants to ask you something first. Open it in a window of its"
        " own, sign in, then open the activity again from your course.",
        "access_denied": "The learning platform does not let you open this activity. Ask the teacher of the course.",
        "launch_no_longer_valid": "This launch was used already, or waited too long; a reload does that. Open the"
        " activity again from your course.",
        "temporarily_unavailable": "The learning platform is busy. " + _LATER,
        "server_error": "Something went wrong in the learning platform. " + _LATER,
    }
)
"""By the platform's own word for the reason (OIDC Core 1.0 §3.1.2.6; RFC 6749 §4.1.2.1; Canvas)."""
