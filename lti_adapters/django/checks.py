"""System checks: `manage.py check` tells what cannot work, before a launch does."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from lti_adapters.container import is_of_one_process
from lti_adapters.django.mount import Mount, mounts
from lti_adapters.settings import problems_of
from lti_adapters.web.asked import MAX_BODY
from lti_core.errors import ConfigurationError, StorageFailed

_OURS = "lti_adapters.django.middleware.LtiMiddleware"
_FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
_SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
_CSRF = "django.middleware.csrf.CsrfViewMiddleware"


def settings_can_work(app_configs: object, **_: object) -> list[CheckMessage]:
    """Each mistake in the setting `LTI`, or in what a tool is given instead. No database is asked."""
    given = getattr(settings, "LTI", None)
    errors = [problem.error for problem in problems_of(given)] if isinstance(given, Mapping) else []
    try:
        errors += [error for mount in mounts() for error in _errors_of(mount) if error.code not in _codes(errors)]
    except ConfigurationError as error:
        errors.append(error)
    return [_message_of(error) for error in errors]


def _message_of(error: ConfigurationError) -> CheckMessage:
    if error.code == "config.addresses_missing":  # commands that come before the URLconf work without
        return Warning(error.message, id="lti.W006")
    return Error(error.message, id=f"lti.E.{error.code}")


def storage_is_shared(app_configs: object, **_: object) -> list[CheckMessage]:
    """Whether several processes could serve the tools (`manage.py check --deploy`)."""
    with suppress(ConfigurationError, StorageFailed):
        if any(is_of_one_process(mount.container().store()) for mount in mounts()):
            message = "Used launches are kept in the memory of one process: each further process would take them again."
            return [Warning(message, hint="Set storage.url in LTI, as django://.", id="lti.W005")]
    return []


def forms_can_be_read(app_configs: object, **_: object) -> list[CheckMessage]:
    """Whether Django lets forms through that are as large as a launch may be."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if most is None or most >= MAX_BODY:
        return []
    message = f"Django refuses forms of more than {most} bytes, and launches may have {MAX_BODY}."
    hint = f"Set DATA_UPLOAD_MAX_MEMORY_SIZE to {MAX_BODY} or more."
    return [Warning(message, hint=hint, id="lti.W007")]


def framed_pages_can_work(app_configs: object, **_: object) -> list[CheckMessage]:
    """What Django does by default, and what breaks pages that stand in a platform's frame, on another site."""
    return list(_hindrances(list(settings.MIDDLEWARE)))


def _codes(errors: list[ConfigurationError]) -> set[str]:
    return {error.code for error in errors}


def _errors_of(mount: Mount) -> Iterator[ConfigurationError]:
    try:
        container = mount.container()
        url = container.settings().storage.url
    except ConfigurationError as error:
        yield error
        return
    parts = [container.listed_registrations, container.listed_tool_keys, container.grants, container.store]
    if url.startswith("django-cache:"):
        parts.append(container.nonces)  # finds out a cache that forgets
    for part in parts:
        with suppress(StorageFailed):  # it may be there later
            try:
                part()
            except ConfigurationError as error:
                yield error
                return


def _hindrances(middleware: list[str]) -> Iterator[CheckMessage]:
    if _OURS not in middleware or _FRAMES in middleware[middleware.index(_OURS) :]:
        message = "Requests have no request.lti, and pages of a launch can be neither refused politely nor framed."
        yield Warning(message, hint=f"Put {_OURS!r} at the end of MIDDLEWARE.", id="lti.W001")
    if _SESSIONS in middleware and not _comes_back("SESSION"):
        yield Warning(
            "Sessions begin anew with each request in a platform's frame: their cookie is not sent there.",
            hint='Set SESSION_COOKIE_SAMESITE = "None" and SESSION_COOKIE_SECURE = True. Browsers that block cookies of'
            " third parties keep it back all the same: keep what the tool needs by the keys of the launch.",
            id="lti.W002",
        )
    if _CSRF in middleware and not _comes_back("CSRF") and not settings.CSRF_USE_SESSIONS:
        yield Warning(
            "Forms in a platform's frame are refused (CSRF): their cookie is not sent there.",
            hint="Let the form's address carry the launch (launch_url_for), and its view be csrf_exempt and"
            " launch_required: no other site knows such an address. For other forms set"
            ' CSRF_COOKIE_SAMESITE = "None" and CSRF_COOKIE_SECURE = True.',
            id="lti.W003",
        )
    if _FRAMES in middleware:
        yield Warning(
            "Pages without a launch are not shown in a platform's frame (X-Frame-Options).",
            hint="Pages of a launch are. Decorate others that stand there with xframe_options_exempt, and then silence"
            " this warning: SILENCED_SYSTEM_CHECKS = ['lti.W004'].",
            id="lti.W004",
        )


def _comes_back(cookie: str) -> bool:
    """Whether browsers send that cookie of Django's to a frame on another site."""
    samesite, secure = getattr(settings, f"{cookie}_COOKIE_SAMESITE"), getattr(settings, f"{cookie}_COOKIE_SECURE")
    return str(samesite).lower() == "none" and bool(secure)
