"""A launch, step by step: the state, the browser, the key, the nonce; and what is told when one fails."""

from datetime import timedelta

import pytest
from attrs import evolve

from lti_core import claims as c
from lti_core.authentication_response import AuthenticationResponse
from lti_core.errors import LaunchRefused, StorageFailed
from lti_core.keys import new_private_key, read_private_key
from lti_core.launch import restored
from lti_core.messages import MESSAGE_TYPES
from tests import good
from tests.fakes import PLATFORM_KEY, PLATFORM_PEM, TOOL_PEM, FakeKeys
from tests.good import CLAIMS, Launching


def refused(launching: Launching, form: list[tuple[str, str]] | None = None) -> LaunchRefused:
    with pytest.raises(LaunchRefused) as refusal:
        launching.accept(form)
    return refusal.value


def test_a_launch_tells_who_opened_what() -> None:
    launch = Launching().accept()
    assert (launch.user.id, launch.user.name, launch.user.email) == ("u-42", "Ada Lovelace", "ada@lms.example")
    assert launch.roles.is_student
    assert launch.context is not None
    assert launch.context.title == "Maths 1"
    assert launch.resource_link is not None
    assert launch.resource_link.id == "rl-7"
    assert launch.client_id == "tool-1"


def test_a_launch_is_used_once() -> None:
    launching = Launching()
    form = launching.form()
    launching.accept(form)
    assert refused(launching, form).code == "launch.nonce_used"


def test_a_refused_launch_does_not_use_the_nonce_up() -> None:
    launching = Launching()
    assert refused(launching, launching.form(launching.claims(aud="tool-2"))).code == "launch.audience_mismatch"
    assert launching.nonces.used == set()
    assert launching.accept().user.id == "u-42"


def test_a_launch_is_not_accepted_when_the_nonce_store_is_down() -> None:
    class Down:
        def use(self, *_: object) -> bool:
            raise StorageFailed("storage.unavailable", "The store does not answer.")

    launching = Launching()
    launching.nonces = Down()  # type: ignore[assignment]
    with pytest.raises(StorageFailed):
        launching.accept()


@pytest.mark.parametrize("cookies", [{}, {"__Host-lti-login-x": "secret"}, {"lti-login": ""}])
def test_another_browser_is_refused(cookies: dict[str, str]) -> None:
    launching = Launching()
    launching.cookies = cookies
    assert refused(launching).code == "launch.browser_mismatch"


def test_a_browser_cannot_finish_the_login_of_another_one() -> None:
    victim, attacker = Launching(), Launching()
    victim_cookie = dict(victim.cookies)
    attacker.cookies = victim_cookie
    assert refused(attacker).code == "launch.browser_mismatch"


def test_a_forged_cookie_value_is_refused() -> None:
    launching = Launching()
    launching.cookies = dict.fromkeys(launching.cookies, "ümlaut")
    assert refused(launching).code == "launch.browser_mismatch"


def test_two_tabs_may_log_in_at_once() -> None:
    first, second = Launching(), Launching()
    both = {**first.cookies, **second.cookies}
    first.cookies = second.cookies = both
    assert (first.accept().user.id, second.accept().user.id) == ("u-42", "u-42")


def test_a_token_of_another_login_is_refused() -> None:
    first, second = Launching(), Launching()
    form = second.form(first.claims())
    assert refused(second, form).code == "launch.nonce_mismatch"


def test_a_state_that_this_tool_did_not_sign_is_refused() -> None:
    launching = Launching()
    launching.keys = FakeKeys(read_private_key(new_private_key()))
    assert refused(launching).code == "launch.state_invalid"


def test_a_state_works_for_ten_minutes() -> None:
    launching = Launching()
    launching.clock.advance(599)
    assert launching.accept().user.id == "u-42"
    launching = Launching()
    launching.clock.advance(600)
    assert refused(launching).code == "launch.state_expired"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": ""}, "launch.state_missing"),
        ({"state": "a.b.c"}, "launch.state_invalid"),
        ({"state": "forged"}, "launch.state_invalid"),
        ({"id_token": ""}, "launch.id_token_missing"),
        ({"id_token": "a.b.c"}, "launch.token_malformed"),
        ({"id_token": "x" * 300_000}, "launch.too_large"),
    ],
)
def test_a_form_is_refused(changes: dict[str, str], code: str) -> None:
    launching = Launching()
    assert refused(launching, launching.form(**changes)).code == code


def test_a_field_that_is_sent_twice_is_refused() -> None:
    launching = Launching()
    form = launching.form()
    assert refused(launching, [*form, form[1]]).code == "launch.parameter_repeated"


def test_a_launch_of_lti_1_1_is_recognised() -> None:
    form = [("lti_message_type", "basic-lti-launch-request"), ("oauth_consumer_key", "key"), ("user_id", "5")]
    with pytest.raises(LaunchRefused) as refusal:
        AuthenticationResponse.read(form)
    assert refusal.value.code == "launch.lti11_not_supported"


def test_an_error_of_the_platform_is_told_when_the_state_is_ours() -> None:
    launching = Launching()
    refusal = refused(launching, launching.form(error="login_required", error_description="Sign in." + " " * 5000))
    assert (refusal.code, refusal.found) == ("launch.refused_by_platform", "login_required")
    assert refusal.platform_says.startswith("Sign in.")
    assert len(refusal.platform_says) == 500
    assert "Sign in" not in f"{refusal} {refusal!r}"


def test_an_error_with_a_foreign_state_or_browser_aborts_nothing() -> None:
    launching = Launching()
    assert refused(launching, launching.form(error="login_required", state="x.y.z")).code == "launch.state_invalid"
    launching.cookies = {}
    assert refused(launching, launching.form(error="login_required")).code == "launch.browser_mismatch"


def test_a_token_signed_by_somebody_else_is_refused() -> None:
    launching = Launching()
    other = read_private_key(new_private_key())
    assert refused(launching, launching.form(id_token=other.sign(launching.claims()))).code == "launch.key_not_found"
    named_like_the_platforms = good.sign(
        launching.claims(), good.signer(TOOL_PEM, "RS256"), "RS256", {"kid": PLATFORM_KEY.kid}
    )
    form = launching.form(id_token=named_like_the_platforms)
    assert refused(launching, form).code == "launch.signature_invalid"


def test_the_public_key_is_no_secret_for_hmac() -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

    der = (
        load_pem_private_key(PLATFORM_PEM.encode(), None)
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    launching = Launching()
    forged = good.sign(launching.claims(), good.signer(der, "HS256"), "HS256", {"kid": PLATFORM_KEY.kid})
    assert refused(launching, launching.form(id_token=forged)).code == "launch.algorithm_not_allowed"


def test_an_algorithm_that_does_not_fit_the_key_is_refused() -> None:
    key_set = {"keys": [{**PLATFORM_KEY.public, "alg": "RS512"}]}
    launching = Launching(good.registration(key_set=key_set))
    assert refused(launching).code == "launch.algorithm_not_allowed"


def test_the_way_back_is_told_only_after_a_good_signature() -> None:
    launching = Launching()
    form = launching.form()
    launching.accept(form)
    assert refused(launching, form).return_url == "https://lms.example/back?c=3"
    launching = Launching()
    unsigned = launching.form()
    unsigned[1] = ("id_token", unsigned[1][1][:-8] + "AAAAAAAA")
    assert refused(launching, unsigned).return_url is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//lms.example", "https://", 5, "https://lms.example/\n"])
def test_a_way_back_that_is_no_web_address_is_not_told(url: object) -> None:
    launching = Launching()
    claims = launching.claims(**{c.LAUNCH_PRESENTATION: {"return_url": url}}, exp=1)
    assert refused(launching, launching.form(claims)).return_url is None


def test_an_outlived_token_leads_back_to_the_course() -> None:
    launching = Launching()
    form = launching.form(launching.claims(exp=good.NOW - 61))
    refusal = refused(launching, form)
    assert (refusal.code, refusal.return_url) == ("launch.token_expired", "https://lms.example/back?c=3")


def test_leeway_and_age_can_be_set() -> None:
    launching = Launching()
    launching.settings = evolve(launching.settings, leeway=0, oldest_token=10)
    form = launching.form(launching.claims(iat=good.NOW - 11))
    assert refused(launching, form).code == "launch.token_too_old"
    form = launching.form(launching.claims(exp=good.NOW - 0))
    assert refused(launching, form).code == "launch.token_expired"


def test_a_launch_lists_the_checks_that_it_passed() -> None:
    launch = Launching().accept()
    codes = [check.code for check in launch.checks]
    assert codes[:2] == ["launch.state_invalid", "launch.browser_mismatch"]
    assert codes[-1] == "launch.nonce_used"
    assert "launch.deployment_unknown" in codes
    assert all(check.sentence.endswith(".") and check.spec for check in launch.checks)


def test_any_deployment_is_accepted_where_that_was_agreed() -> None:
    claims = {**CLAIMS, c.DEPLOYMENT_ID: "dep-1"}
    assert good.launch(claims, deployment_ids=[], deployments="any").deployment_id == "dep-1"


def test_a_remembered_launch_is_what_it_was() -> None:
    another_target = {**CLAIMS, c.TARGET_LINK_URI: good.LAUNCH_URL}
    for claims in (good.CLAIMS, good.DEEP_LINKING, good.REVIEW, {**CLAIMS, c.TOOL_PLATFORM: {}}, another_target):
        launch = good.launch(claims)
        again = restored(dict(launch.claims), good.REGISTRATION, good.TARGET)
        assert again == launch
        assert again.user.key == launch.user.key


def test_a_remembered_launch_of_a_type_no_longer_handled_is_refused() -> None:
    launch = good.launch(good.DEEP_LINKING)
    known = {"LtiResourceLinkRequest": MESSAGE_TYPES["LtiResourceLinkRequest"]}
    with pytest.raises(LaunchRefused) as refusal:
        restored(dict(launch.claims), good.REGISTRATION, launch.target_link_uri, known)
    assert refusal.value.code == "launch.message_type_unknown"


def test_the_nonce_is_remembered_until_its_state_has_expired_and_the_leeway_is_over() -> None:
    remembered = []

    class Watching:
        def use(self, nonce: str, expires_at: object, holder: str) -> bool:
            remembered.append((expires_at, holder))
            return True

    launching = Launching()
    launching.nonces = Watching()  # type: ignore[assignment]
    launching.accept()
    assert remembered == [(launching.clock.now() + timedelta(seconds=660), good.REGISTRATION.key)]
