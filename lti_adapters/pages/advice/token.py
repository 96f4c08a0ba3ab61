"""Advice where the token of a launch is refused: its form, its key, its times."""

from lti_adapters.pages.advice.advice import ATTACK, BUG, CLOCK, KEYS, LATER, REGISTRATION, Advice, again, ask, tell

TOKEN = {
    "launch.token_malformed": BUG,
    "launch.algorithm_not_allowed": ask(
        "Let the platform sign with RS256 (or RS384, RS512, ES256, ES384, ES512), with a key that fits the algorithm."
    ),
    "launch.critical_header": BUG,
    "launch.kid_missing": BUG,
    "launch.key_not_found": tell(
        "The platform signed with a key that its key set does not hold. " + KEYS + " Just after the platform changed"
        " its keys, a few minutes of waiting help."
    ),
    "launch.key_set_unavailable": Advice(LATER, "The platform's keys could not be fetched. " + KEYS),
    "launch.key_set_malformed": ask("What the platform answers under its key set address is no key set. " + KEYS),
    "launch.signature_invalid": tell(
        "The launch was not signed by the key that the platform publishes under this name. " + KEYS + " If the keys"
        " stand in the registration itself, replace them by the platform's present ones. If they are right, somebody"
        " forged this launch."
    ),
    "launch.issuer_mismatch": ask(REGISTRATION + " The issuer must be the same text in both."),
    "launch.audience_mismatch": ask(REGISTRATION + " The launch was made for another client id."),
    "launch.azp_missing": BUG,
    "launch.azp_mismatch": ask(REGISTRATION + " The launch was made for another client id."),
    "launch.token_expired": again(
        "A launch is good for a minute or an hour, as the platform chooses, and cannot be reloaded later. If each"
        " launch is refused so: " + CLOCK
    ),
    "launch.exp_missing": BUG,
    "launch.iat_missing": BUG,
    "launch.issued_in_future": Advice(LATER, CLOCK),
    "launch.token_too_old": again(CLOCK),
    "launch.not_yet_valid": Advice(LATER, CLOCK),
    "launch.nonce_missing": BUG,
    "launch.nonce_mismatch": tell("The answer belongs to another login. " + ATTACK),
    "launch.nonce_used": again(
        "Each launch works once, so that nobody can repeat what was listened in on: a reload of the page is enough to"
        " see this. If first launches are refused so, look for something that posts each form twice."
    ),
}
