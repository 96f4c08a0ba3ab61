"""The tool's launch address in a Django project: always that of the request, however it was told before."""

from typing import Any

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import override_settings
from django.urls import clear_script_prefix, clear_url_caches, include, path
from django.utils import translation
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client

from lti_adapters.django import Lti
from lti_adapters.simulator.people import TEACHER
from lti_core.messages import LaunchMessage
from tests.django.project import Wsgi
from tests.frameworks.steps import platform_at


def a_tool_at(*prefixes: str) -> tuple[Lti, list[Any]]:
    """A tool whose platforms know it at one of those addresses each, and accept no other."""
    platforms = [platform_at(prefix, f"platform{number}") for number, prefix in enumerate(prefixes)]
    document = {one.issuer: one.config["registrations"]["document"][one.issuer] for one in platforms}
    lti = Lti({"registrations": {"document": document}})
    lti.resource_link(lambda request, launch: HttpResponse(launch.issuer))
    return lti, platforms


def test_one_process_may_serve_a_project_below_several_paths() -> None:
    lti, platforms = a_tool_at("/lti", "/school/lti", "/lti")
    project = Wsgi(path("lti/", include(lti.urls)))
    client = Client(DispatcherMiddleware(project, {"/school": project}))
    try:
        assert [platform.launch(client).text for platform in platforms] == [one.issuer for one in platforms]
    finally:
        clear_script_prefix()  # Django's own test client leaves it to the next test


def test_the_address_may_begin_with_the_language() -> None:
    lti, platforms = a_tool_at("/de/lti", "/fr/lti", "/de/lti")
    with override_settings(MIDDLEWARE=["django.middleware.locale.LocaleMiddleware"]):
        client = Client(Wsgi(*i18n_patterns(path("lti/", include(lti.urls)))))
    with translation.override(None):  # the middleware leaves a request's language to whatever comes next
        assert [platform.launch(client).text for platform in platforms] == [one.issuer for one in platforms]


def test_a_project_may_change_its_addresses_while_it_runs() -> None:
    lti, platforms = a_tool_at("/before/lti", "/after/lti")
    project = Wsgi()
    for platform, place in zip(platforms, ("before", "after"), strict=True):
        project.urlpatterns[:] = [path(f"{place}/lti/", include(lti.urls))]
        clear_url_caches()
        assert platform.launch(Client(project)).text == platform.issuer


def test_the_address_may_hold_letters_that_are_written_in_another_way() -> None:
    lti, (platform,) = a_tool_at("/%C3%89cole%20nord=(1)/lti")

    def answered(request: HttpRequest, launch: LaunchMessage) -> HttpResponseBase:
        return lti.deep_linking_response(request, launch, [])

    lti.deep_linking(answered)
    client = Client(Wsgi(path("<school>/lti/", include(lti.urls))))
    assert platform.launch(client).text == platform.issuer
    assert platform.launch(client, user=TEACHER, message=platform.deep_linking()).status == 200
