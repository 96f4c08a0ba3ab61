"""What programs that were written for the old package look at in Django's terms."""

from django.http import HttpResponseRedirect

from lti_adapters.pylti1p3.contrib.django.redirect import DjangoRedirect


def test_the_way_to_the_platform_is_djangos_redirect_however_long() -> None:
    url = f"https://lms.example/auth?state={'s' * 9000}"
    response = DjangoRedirect(url).do_redirect()
    assert isinstance(response, HttpResponseRedirect)
    assert (response.status_code, response.url) == (302, url)
