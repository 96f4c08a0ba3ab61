"""Advice where what a browser brings to the launch address is refused, up to the token in it."""

from lti_adapters.pages.advice.advice import AGAIN, ATTACK, BUG, LTI_1_1, PLATFORM_BUG, Advice, again, ask, tell

LAUNCH = {
    "launch.refused_by_platform": Advice(
        "The learning platform itself stopped this launch. Check that you are still signed in there, then open the"
        " activity again from your course.",
        "The platform's own word for the reason is shown as found. Its log says more; this tool was not the one that"
        " refused.",
        "platform",
    ),
    "launch.method_not_allowed": Advice(
        "This address is not one to open by hand, to reload or to keep as a bookmark. " + AGAIN,
        "A platform posts a form to the launch address. If a person was sent here by the platform, check that this is"
        " its redirect address and that no proxy turns POST into GET.",
        "again",
    ),
    "launch.lti11_not_supported": ask(LTI_1_1),
    "launch.id_token_missing": tell(
        "A platform posts id_token and state to the launch address. Give it the login address for the start of a"
        " launch: an LTI 1.3 launch never begins here."
    ),
    "launch.parameter_repeated": BUG,
    "launch.parameter_malformed": BUG,
    "launch.state_missing": tell(ATTACK),
    "launch.state_invalid": tell(
        "The state was not made by this tool, or its secret has changed since. Let all servers of this tool have the"
        " same state.secrets or the same private key. " + ATTACK
    ),
    "launch.state_expired": again(
        "More than ten minutes passed between login and launch: mostly a reloaded page, or a sign-in at the platform"
        " that took long. Nothing needs to be done."
    ),
    "launch.browser_mismatch": Advice(
        "Your browser did not send back the small file (a cookie) that this tool gave it a moment ago. Browsers hold"
        " cookies back from pages that are shown inside another site. Open the activity again from your course; if"
        " that does not help, let it open in a new window or tab, or allow cookies for this tool.",
        "Let the platform open the tool in a new window, or ask people to allow third-party cookies for this tool. If"
        " it happens in every browser, check that the tool is reached over https and that no proxy strips cookies."
        " Where platform_storage.wrong_origin is found, the registration's auth_login_url is not the platform's present"
        " authorization address (Canvas: sso.canvaslms.com); where platform_storage.timeout is, the platform offers its"
        " storage, but does not answer.",
        "browser",
    ),
    "launch.too_large": ask("What was posted is larger than any launch. " + PLATFORM_BUG),
}
