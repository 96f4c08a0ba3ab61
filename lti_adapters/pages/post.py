"""A page that posts a form to a platform: by itself, or by its button where scripts do not run."""

from collections.abc import Iterable, Mapping

from lti_adapters.pages.page import Page, common_pages, link_of
from lti_adapters.pages.texts import TEXTS
from lti_core.errors import ConfigurationError

_SCRIPT = "document.forms[0].submit()"


def post_page(
    action: str, fields: Iterable[tuple[str, str]], *, texts: Mapping[str, str] = TEXTS, language: str = "en"
) -> Page:
    """Go on to `action`, an address of the platform, with `fields`.

    Args:
        texts: of `texts_with`.
        language: as of `Pages.render`.

    Raises:
        ConfigurationError: `config.url_invalid` when `action` is not an absolute http(s) address.
    """
    if link_of(action) is None:
        raise ConfigurationError("config.url_invalid", "login_url must be an absolute https address.", found=action)
    values = {"text": texts, "action": action, "fields": tuple(fields)}
    # Not the platform's origin alone: Chromium holds the policy against redirects, too, as to where people sign in.
    return common_pages().render("post.html", values, language=language, script=_SCRIPT, forms_go_to="*")
