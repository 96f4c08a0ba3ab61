from lti_core.registration import Registration
from lti_storage.deployments import Deployments
from lti_storage.memory import MemoryStore
from tests.fakes import FixedClock


def registration(issuer: str, client_id: str) -> Registration:
    return Registration(
        issuer=issuer,
        client_id=client_id,
        login_url="https://lms.example/auth",
        key_set={"keys": []},
        deployments="any",
    )


def test_a_deployment_is_new_once() -> None:
    clock = FixedClock()
    deployments, canvas = Deployments(MemoryStore(clock), clock), registration("https://canvas.example", "c1")
    assert deployments.knows(canvas, "d1") is False
    assert deployments.record(canvas, "d1") is True
    assert deployments.record(canvas, "d1") is False
    assert deployments.knows(canvas, "d1") is True
    assert deployments.knows(canvas, "d2") is False


def test_a_deployment_of_one_registration_is_not_that_of_another() -> None:
    clock = FixedClock()
    deployments = Deployments(MemoryStore(clock), clock)
    deployments.record(registration("https://canvas.example", "c1"), "d1")
    assert deployments.knows(registration("https://canvas.example", "c2"), "d1") is False
    assert deployments.knows(registration("https://other.example", "c1"), "d1") is False


def test_a_deployment_is_known_for_ten_years() -> None:
    clock = FixedClock()
    deployments, canvas = Deployments(MemoryStore(clock), clock), registration("https://canvas.example", "c1")
    deployments.record(canvas, "d1")
    clock.advance(3649 * 24 * 3600)
    assert deployments.knows(canvas, "d1") is True
    clock.advance(2 * 24 * 3600)
    assert deployments.record(canvas, "d1") is True
