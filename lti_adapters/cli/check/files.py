"""A settings file, or a registrations file; and the registrations file that a settings file names."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lti_adapters.cli.check.finding import Around, Finding, Findings
from lti_adapters.cli.check.opening import Mistake, Opened, kind_of, opened
from lti_adapters.cli.check.registrations import check_registrations
from lti_adapters.clock import SystemClock
from lti_adapters.container import backend_of
from lti_adapters.settings import Settings, is_settings, problems_of, read_settings
from lti_core.errors import ConfigurationError
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
    problems = problems_of(document)
    yield from file.placed(Finding(kind_of(one.error), one.path, one.error.message) for one in problems)
    if problems:
        return
    settings = read_settings(document, file.path.absolute().parent)
    yield from file.placed(_storages(settings))
    yield from _named(file, settings)


def _named(file: Opened, settings: Settings) -> Iterator[Mistake]:
    """The registrations that the settings hold, or name."""
    given = settings.registrations
    if given.document is not None:
        around = _around(settings, file.path.absolute().parent)
        yield from file.placed(check_registrations(given.document, around, ("registrations", "document")))
    elif given.file is not None:
        other = opened(given.file)
        yield from other.placed(other.findings)
        yield from _of_registrations(other, _around(settings, given.file.parent))
    elif given.url is None:
        what, remedy = "There are no registrations.", 'Set registrations.file, as "tool.json".'
        yield from file.placed([Finding("registrations-missing", ("registrations",), what, remedy)])


def _storages(settings: Settings) -> Findings:
    """Each storage must be one that there is, and the tool's keys must be readable."""
    keys = settings.tool.keys
    urls = {
        ("storage", "url"): settings.storage.url,
        ("registrations", "url"): settings.registrations.url,
        ("tool", "keys"): keys if _is_url(keys) else None,
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


def _around(settings: Settings, folder: Path) -> Around:
    keys = settings.tool.keys
    try:
        common, readable = _keys_in_folder(keys), True
    except ConfigurationError:  # told by `_storages`
        common, readable = frozenset(), False
    return Around(
        folder,
        common_keys=common,
        may_have_keys=_is_url(keys) or not readable,
        has_secret=bool(settings.state.secrets),
        url=settings.tool.url,
    )


def _keys_in_folder(keys: str | None) -> frozenset[str]:
    """The moduli of the keys in a folder. The folder is not made where it is missing."""
    if keys is None or _is_url(keys) or not Path(keys).is_dir():
        return frozenset()
    return frozenset(key.public["n"] for key in FolderToolKeys(Path(keys), SystemClock()).all())


def _is_url(keys: str | None) -> bool:
    return keys is not None and "://" in keys
