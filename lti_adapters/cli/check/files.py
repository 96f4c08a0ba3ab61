"""A settings file, or a registrations file; and the registrations file that a settings file names."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from dependency_injector.providers import Object

from lti_adapters.cli.check.finding import Around, Finding, Findings
from lti_adapters.cli.check.opening import Mistake, Opened, kind_of, opened
from lti_adapters.cli.check.registrations import check_kept, check_registrations
from lti_adapters.cli.present import is_made
from lti_adapters.clock import SystemClock
from lti_adapters.container import LtiContainer
from lti_adapters.places import backend_of
from lti_adapters.settings import Settings, is_settings, problems_of, read_settings
from lti_core.errors import ConfigurationError, LtiError
from lti_storage.tool_keys import FolderToolKeys


def check_file(path: Path) -> tuple[Mistake, ...]:
    """All mistakes in a file, in the order of its lines. The network is not used, and nothing is written."""
    return tuple(sorted(_mistakes(path), key=lambda mistake: (mistake.path != path, mistake.line)))


def _mistakes(path: Path) -> Iterator[Mistake]:
    file = opened(path)
    yield from file.placed(file.findings)
    document = file.located.value
    if isinstance(document, Mapping) and is_settings(document, path):
        yield from _of_settings(file, document)
    else:
        yield from _of_registrations(file, Around(path.absolute().parent))


def _of_registrations(file: Opened, around: Around) -> Iterator[Mistake]:
    if file.is_read:
        yield from file.placed(check_registrations(file.located.value, around))


def _of_settings(file: Opened, document: Mapping[str, object]) -> Iterator[Mistake]:
    """A section with a mistake is left out of what is checked further, so that the others are."""
    problems = problems_of(document)
    yield from file.placed(Finding(kind_of(one.error), one.path, one.error.message) for one in problems)
    wrong = {one.path[0] for one in problems if one.path}
    right = {name: section for name, section in document.items() if name not in wrong}
    settings = read_settings(right, file.path.absolute().parent)
    yield from file.placed(_storages(settings))
    if "registrations" not in wrong:
        yield from _named(file, settings, may_have_keys=not wrong.isdisjoint(("tool", "state")))


def _named(file: Opened, settings: Settings, *, may_have_keys: bool) -> Iterator[Mistake]:
    """The registrations that the settings hold, or name."""
    given = settings.registrations
    around = _around(settings, given.file.parent if given.file else file.path.absolute().parent, may_have_keys)
    if given.document is not None:
        yield from file.placed(check_registrations(given.document, around, ("registrations", "document")))
    elif given.file is not None:
        other = opened(given.file)
        yield from other.placed(other.findings)
        yield from _of_registrations(other, around)
    elif given.url is not None:
        yield from file.placed(_in_database(given.url, settings, around))
    else:
        what, remedy = "There are no registrations.", 'Set registrations.file, as "tool.json".'
        yield from file.placed([Finding("registrations-missing", ("registrations",), what, remedy)])


def _in_database(url: str, settings: Settings, around: Around) -> Findings:
    """Registrations of a database. It is not made where it is missing."""
    at = ("registrations", "url")
    try:
        backend_of(url)
    except ConfigurationError:  # told by `_storages`
        return
    if not is_made(url):
        what = "There is no registration: the tool has not made this database yet."
        yield Finding("registrations-missing", at, what, "lti registrations add makes it, and puts one in.")
        return
    try:
        kept = LtiContainer(settings=Object(settings)).registrations().all()
    except LtiError as error:
        yield Finding(kind_of(error), at, error.message)
        return
    yield from check_kept(kept, around, at)


def _storages(settings: Settings) -> Findings:
    """Each storage must be one that there is, and the tool's keys must be readable."""
    keys, grants = settings.tool.keys, settings.tool.grants
    urls = {
        ("storage", "url"): settings.storage.url,
        ("registrations", "url"): settings.registrations.url,
        ("tool", "keys"): keys if _is_url(keys) else None,
        ("tool", "grants"): grants if _is_url(grants) else None,
    }
    for place, url in urls.items():
        try:
            if url is not None:
                backend_of(url)
        except ConfigurationError as error:
            yield Finding(kind_of(error), place, error.message)
    try:
        _keys_in_folder(keys)
    except ConfigurationError as error:
        yield Finding(kind_of(error), ("tool", "keys"), error.message)


def _around(settings: Settings, folder: Path, may_have_keys: bool) -> Around:
    keys = settings.tool.keys
    try:
        common, readable = _keys_in_folder(keys), True
    except ConfigurationError:  # told by `_storages`
        common, readable = frozenset(), False
    return Around(
        folder,
        common_keys=common,
        may_have_keys=may_have_keys or _is_url(keys) or not readable,
        has_secret=bool(settings.state.secrets),
        url=settings.tool.url,
    )


def _keys_in_folder(keys: str | None) -> frozenset[str]:
    """The moduli of the keys in a folder. The folder is not made where it is missing."""
    if keys is None or _is_url(keys) or not Path(keys).is_dir():
        return frozenset()
    return frozenset(key.public["n"] for key in FolderToolKeys(Path(keys), SystemClock()).all())


def _is_url(place: str | None) -> bool:
    return place is not None and "://" in place
