"""The conformance suite against a tool made of the core's functions: who keeps to the rules passes all of it."""

from urllib.parse import urlencode

import pytest
from flask import Flask, jsonify, make_response, redirect, request

from lti_adapters.simulator import conformance
from lti_adapters.simulator.accepted import ACCEPTED
from lti_adapters.simulator.broken import BROKEN


@pytest.mark.parametrize("case", conformance.CASES, ids=str)
def test_a_tool_made_of_the_core_conforms(case, platform, client):
    case.run(platform, client)


def credulous_tool(platform):
    """Believes everything."""
    app = Flask("credulous_tool")
    asked = "scope=openid&response_type=id_token&response_mode=form_post&prompt=none&nonce=n&state=a-state-of-it"

    @app.route("/lti/login", methods=["GET", "POST"])
    def login():
        hints = {name: request.values.get(name, "") for name in ("login_hint", "lti_message_hint")}
        query = {"client_id": platform.client_id, "redirect_uri": platform.launch_url, **hints}
        return redirect(f"{platform.authorization_url}?{asked}&{urlencode(query)}")

    @app.route("/lti/launch", methods=["GET", "POST"])
    def launch():
        return jsonify(welcome=True)

    return app


def angry_tool():
    """Refuses everything, and does not say why."""
    app = Flask("angry_tool")
    app.add_url_rule("/<path:any>", view_func=lambda any: make_response("Go away.", 403), methods=["GET", "POST"])
    return app


@pytest.mark.parametrize("case", [case for case in conformance.CASES if case.variation.expected_code], ids=str)
def test_a_tool_that_believes_everything_fails_every_case_that_must_be_refused(case, platform):
    with pytest.raises(AssertionError, match="must be refused with 4xx"):
        case.run(platform, credulous_tool(platform).test_client())


@pytest.mark.parametrize("case", conformance.CASES, ids=str)
def test_a_tool_that_refuses_everything_without_a_reason_fails_every_case(case, platform):
    with pytest.raises(AssertionError, match=r"must be accepted|no readable reason"):
        case.run(platform, angry_tool().test_client())


def test_every_name_is_there_once():
    names = [variation.name for variation in (*BROKEN, *ACCEPTED)]
    assert len(set(names)) == len(names)
    titles = [str(case) for case in conformance.CASES]
    assert len(set(titles)) == len(titles)


SUITE_NAMES = """Correct KID required in header; Incorrect KID passed in JWT header; LTI version passed is not 1.3;
No LTI version passed in JWT; JWT passed is not LTI 1.3 JWT; One or more JWT fields missing;
exp and iat fields invalid; message_type claim missing; role claim missing; deployment_id claim missing;
Launch with missing resource_link_id; user claim missing; LTI 1.3 message as instructor; LTI 1.3 message as student;
With multiple role values as instructor; With multiple role values as student; With short role value as instructor;
With short role value as student; With unknown role as instructor; With unknown role as student;
With no role as instructor; With no role as student; With only email as instructor; With only names as student;
With no PII as student; With email, no context as student; Student only resource link; Deep linking: request;
Deep linking: launch of the returned link"""


@pytest.mark.parametrize("name", [name.strip() for name in SUITE_NAMES.split(";")])
def test_the_certification_suites_cases_have_its_names(name):
    assert name in [str(case) for case in conformance.CASES]


def test_the_cases_are_also_had_from_the_platform(platform):
    assert platform.conformance == conformance.CASES
