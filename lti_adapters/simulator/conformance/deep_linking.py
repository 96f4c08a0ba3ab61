"""Deep linking: the signed answer, and what becomes of it."""

from lti_adapters.simulator.accepted import the_suites_deep_linking_settings
from lti_adapters.simulator.conformance.service_case import ServiceCase, Trial, demand
from lti_adapters.simulator.messages import Message
from lti_adapters.simulator.services.deep_links import Link
from lti_core import claims as c

AREA = "Deep linking"


def _picked(trial: Trial, message: Message) -> tuple[Link, ...]:
    """The links to the tool that its answer brings. The platform checks the answer whole, `data` too."""
    pick = trial.entry_points.pick
    assert pick is not None
    received = trial.platform.submit(pick(trial.client, trial.launch(message)))
    links = tuple(link for link in received.links if link.type == "ltiResourceLink")
    demand(bool(links), "must bring at least one ltiResourceLink")
    return links


def _request(trial: Trial) -> Message:
    return trial.platform.deep_linking(trial.entry_points.user)


def _response(trial: Trial) -> None:
    _picked(trial, _request(trial))


def _suites_data(trial: Trial) -> None:
    message = _request(trial).lacking(c.TARGET_LINK_URI)
    _picked(trial, message.having({c.DEEP_LINKING_SETTINGS: the_suites_deep_linking_settings(_return_url(message))}))


def _empty_data(trial: Trial) -> None:
    message = _request(trial)
    _picked(trial, message.having({c.DEEP_LINKING_SETTINGS: {**_settings(message), "data": ""}}))


def _no_data(trial: Trial) -> None:
    message = _request(trial)
    settings = {name: value for name, value in _settings(message).items() if name != "data"}
    _picked(trial, message.having({c.DEEP_LINKING_SETTINGS: settings}))


def _launched(trial: Trial) -> None:
    link = _picked(trial, _request(trial))[0]
    assert link.activity is not None
    trial.launch(trial.platform.resource_link(trial.entry_points.user, link.activity))


def _settings(message: Message) -> dict[str, object]:
    found = message.claims[c.DEEP_LINKING_SETTINGS]
    assert isinstance(found, dict)
    return found


def _return_url(message: Message) -> str:
    return str(_settings(message)["deep_link_return_url"])


CASES = (
    ServiceCase(f"{AREA}: response", ("pick",), _response),
    ServiceCase(f"{AREA}: data 909708 comes back", ("pick",), _suites_data),
    ServiceCase(f"{AREA}: empty data comes back", ("pick",), _empty_data),
    ServiceCase(f"{AREA}: no data, none comes back", ("pick",), _no_data),
    ServiceCase(f"{AREA}: launch of the link that came back", ("pick",), _launched),
)
