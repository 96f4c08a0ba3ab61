"""What `manage.py check` tells."""

from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.urls import clear_url_caches, include, path

from lti_adapters.django import Lti
from lti_adapters.simulator.platform import SimulatedPlatform
from tests.django.project import SETTINGS, urlconf_of

OURS = "lti_adapters.django.middleware.LtiMiddleware"
OF_DJANGO = ("lti.W002", "lti.W003", "lti.W004")
FRAMED = {"SESSION_COOKIE_SAMESITE": "None", "SESSION_COOKIE_SECURE": True}


def told(config: Any = None, *, deploy: bool = False, **others: Any) -> list[str]:
    """The ids of what is told, of a project with one tool."""
    urlconf = urlconf_of([path("lti/", include(Lti().urls))])
    with override_settings(LTI=config, ROOT_URLCONF=urlconf, **others):
        found = run_checks(tags=["lti"], include_deployment_checks=deploy)
    assert all(one.msg for one in found)
    return [str(one.id) for one in found if others or one.id not in OF_DJANGO]


def test_a_good_setting_is_not_spoken_of(lti_platform: SimulatedPlatform) -> None:
    assert told(lti_platform.config) == []


@pytest.mark.parametrize(
    ("config", "code"),
    [
        (None, "config.missing"),
        ({"storrage": {}}, "config.setting_unknown"),
        ("/nowhere/tool.json", "config.settings_file_unreadable"),
        ({}, "config.registrations_missing"),
        ({"registrations": {"document": {"i": []}}}, "config.registration_empty"),
        ({"registrations": {"document": {}}, "storage": {"url": "mongo://"}}, "config.storage_unknown"),
    ],
)
def test_a_mistake_is_told_with_its_code(config: Any, code: str) -> None:
    assert told(config) == [f"lti.E.{code}"]


def test_all_mistakes_among_the_settings_are_told_at_once() -> None:
    config = {"storrage": {}, "time": {"leeway": "x"}}
    assert sorted(told(config)) == ["lti.E.config.setting_invalid", "lti.E.config.setting_unknown"]


def test_a_project_without_the_tools_addresses_is_told() -> None:
    with override_settings(ROOT_URLCONF=urlconf_of([])):
        assert "lti.W006" in [one.id for one in run_checks(tags=["lti"])]


def test_a_project_without_a_urlconf_is_told_the_same(lti_platform: SimulatedPlatform) -> None:
    with override_settings(LTI=lti_platform.config):
        del settings.ROOT_URLCONF
        assert [one.id for one in run_checks(tags=["lti"]) if one.id not in OF_DJANGO] == ["lti.W006"]


def test_a_urlconf_that_is_read_anew_counts(lti_platform: SimulatedPlatform) -> None:
    def told_now() -> list[str | None]:
        return [one.id for one in run_checks(tags=["lti"]) if one.id not in OF_DJANGO]

    urlconf = urlconf_of([path("lti/", include(Lti(lti_platform.config).urls))])
    with override_settings(ROOT_URLCONF=urlconf):
        assert told_now() == []
        vars(urlconf)["urlpatterns"] = [path("lti/", include(Lti({"storrage": {}}).urls))]
        clear_url_caches()
        assert told_now() == ["lti.E.config.setting_unknown"]


@pytest.mark.parametrize(("most", "ids"), [(256 * 1024 - 1, ["lti.W007"]), (256 * 1024, []), (None, [])])
def test_a_limit_of_django_that_launches_may_exceed_is_told(
    lti_platform: SimulatedPlatform, most: int | None, ids: list[str]
) -> None:
    found = told(lti_platform.config, DATA_UPLOAD_MAX_MEMORY_SIZE=most)
    assert [one for one in found if one not in OF_DJANGO] == ids


def test_memory_is_not_for_what_is_deployed(lti_platform: SimulatedPlatform) -> None:
    assert told(lti_platform.config, deploy=True) == ["lti.W005"]


def test_what_django_does_by_default_is_told(lti_platform: SimulatedPlatform) -> None:
    assert told(lti_platform.config, DEBUG=False) == ["lti.W002", "lti.W003", "lti.W004"]
    without = [one for one in SETTINGS["MIDDLEWARE"] if one != OURS]
    assert told(lti_platform.config, MIDDLEWARE=without)[0] == "lti.W001"
    assert told(lti_platform.config, MIDDLEWARE=[OURS, *without])[0] == "lti.W001"
    assert told(lti_platform.config, CSRF_USE_SESSIONS=True, **FRAMED) == ["lti.W004"]
    assert told(lti_platform.config, MIDDLEWARE=[OURS]) == []


def test_keys_are_made_and_shown(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    config = {"tool": {"keys": str(tmp_path / "keys")}, "registrations": {"document": {}}}
    with override_settings(LTI=config):
        call_command("lti_keys", "new")
        made = capsys.readouterr()
        call_command("lti_keys", "show")
        assert capsys.readouterr().out == made.out
    assert '"kid"' in made.out
    assert "PRIVATE" not in made.out + made.err


def test_registrations_are_added_edited_listed_and_removed(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    names = ("https://lms.example", "c1")
    url = "https://lms.example"
    more = ("--login-url", f"{url}/auth", "--key-set-url", f"{url}/keys", "--deployment-id", "1")
    with override_settings(LTI={"registrations": {"url": f"sqlite:///{tmp_path}/kept.db"}}):
        call_command("lti_registrations", "add", *names, *more)
        call_command("lti_registrations", "edit", *names, "--any-deployment", "--default")
        call_command("lti_registrations", "list")
        assert capsys.readouterr().out == "https://lms.example   client id c1   deployments any   default\n"
        with pytest.raises(CommandError, match="registration_twice"):
            call_command("lti_registrations", "add", *names, *more)
        call_command("lti_registrations", "remove", *names)
        for action, said in (("edit", "no such"), ("remove", "registration_unknown"), ("add", "value_missing")):
            with pytest.raises(CommandError, match=said):
                call_command("lti_registrations", action, *names)
        call_command("lti_registrations", "list")
        assert capsys.readouterr().out == ""


def test_registrations_in_a_file_are_edited_there(lti_platform: SimulatedPlatform) -> None:
    with override_settings(LTI=lti_platform.config), pytest.raises(CommandError, match=r"registrations\.url"):
        call_command("lti_registrations", "remove", "i", "c")
