"""Settings: all that may be set about a tool, in one frozen class. Unknown names are refused.

The same names stand in a mapping, in a TOML or JSON file, and in a framework's own settings under `LTI`. A check of a
launch cannot be switched off by any of them.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from attrs import evolve, field, fields_dict, frozen, has
from cattrs import AttributeValidationNote, Converter, override
from cattrs.errors import BaseValidationError, ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn

from lti_adapters import setting_values as v
from lti_adapters.setting_documents import is_toml, read_document
from lti_core.errors import ConfigurationError
from lti_core.ports import MIB


@frozen(kw_only=True)
class RegistrationSettings:
    """Where the agreements with platforms stand; one of the three.

    Attributes:
        file: a JSON file in the format of `lti_storage.registration_files`.
        url: a SQL database, as `sqlite:////var/lib/tool.db`, or Redis, or Django's.
        document: what such a file holds, for tests and small tools.
        folder: where the document's key files are; no setting, but the folder of the settings file.
    """

    file: Annotated[Path | None, v.path_or_none("tool.json")] = None
    url: Annotated[str | None, v.text_or_none("sqlite:////var/lib/tool.db")] = None
    document: Annotated[Mapping[str, Any] | None, v.DOCUMENT_OR_NONE] = field(default=None, repr=False, hash=False)
    folder: Annotated[Path | None, override(omit=True)] = None

    def __attrs_post_init__(self) -> None:
        if sum(place is not None for place in (self.file, self.url, self.document)) > 1:
            message = "can stand in one place only: give one of registrations.file, .url and .document."
            raise ConfigurationError("config.setting_invalid", message)


@frozen(kw_only=True)
class StorageSettings:
    """Where used nonces and remembered launches are kept: `memory://`, `sqlite:////var/lib/tool.db`, `redis://` ..."""

    url: Annotated[str, v.text("sqlite:////var/lib/tool.db")] = "memory://"


@frozen(kw_only=True)
class ToolSettings:
    """The tool itself.

    Attributes:
        url: scheme and host that the tool is known by from outside; None: as the framework tells it.
        urls: where platforms may send a launch on to (`target_link_uri`); `/*` at the end stands for everything
            below. None given: the launch address alone.
        keys: the folder, or the URL of the database, of the tool's own keys; None when every registration brings
            its key.
        grants: the file, or the URL of the database, of kept grants; None when none are kept.
    """

    url: Annotated[str | None, v.ORIGIN_OR_NONE] = None
    urls: Annotated[tuple[str, ...], v.URLS] = ()
    keys: Annotated[str | None, v.text_or_none("keys")] = None
    grants: Annotated[str | None, v.text_or_none("grants.json")] = None


@frozen(kw_only=True)
class StateSettings:
    """Secrets that sign login states and remembered launches, newest first; none: derived from the tool's keys."""

    secrets: Annotated[tuple[str, ...], v.SECRETS] = field(default=(), repr=False)


@frozen(kw_only=True)
class LaunchesSettings:
    """`lifetime`: how long a launch is remembered. In files a number of seconds: a minute to 30 days."""

    lifetime: Annotated[timedelta, v.duration(60, 30 * 86400, 43200)] = timedelta(hours=12)


@frozen(kw_only=True)
class TimeSettings:
    """Seconds. `leeway`: how far a platform's clock may be from ours. `oldest_token`: how old a token may be."""

    leeway: Annotated[float, v.seconds(0, 300, 60)] = 60.0
    oldest_token: Annotated[float, v.seconds(60, 86400, 3600)] = 3600.0


@frozen(kw_only=True)
class HttpSettings:
    """Limits of requests to platforms.

    Attributes:
        connect, read: seconds, until a connection stands and between two pieces of an answer.
        total: seconds for a whole exchange.
        max_bytes: of an answer's body, after decompression.
    """

    connect: Annotated[float, v.seconds(0.1, 60, 3)] = 3.0
    read: Annotated[float, v.seconds(0.1, 120, 10)] = 10.0
    total: Annotated[float, v.seconds(0.1, 300, 30)] = 30.0
    max_bytes: Annotated[int, v.size(1024, 64 * MIB)] = 32 * MIB


@frozen(kw_only=True)
class KeySettings:
    """`cache_lifetime`: how long a platform's keys are kept when it does not say; a minute to a day, in seconds."""

    cache_lifetime: Annotated[timedelta, v.duration(60, 86400, 3600)] = timedelta(hours=1)


@frozen(kw_only=True)
class PageSettings:
    """`language` is the pages' tag; `texts` replaces texts of it by their key in `lti_adapters.pages.texts`."""

    texts: Annotated[Mapping[str, str], v.TEXTS] = field(factory=dict, hash=False)
    language: Annotated[str, v.LANGUAGE] = "en"


@frozen(kw_only=True)
class Settings:
    """Every setting of a tool. `read_settings` and `load_settings` make one; all have defaults."""

    registrations: RegistrationSettings = RegistrationSettings()
    storage: StorageSettings = StorageSettings()
    tool: ToolSettings = ToolSettings()
    state: StateSettings = StateSettings()
    launches: LaunchesSettings = LaunchesSettings()
    time: TimeSettings = TimeSettings()
    http: HttpSettings = HttpSettings()
    keys: KeySettings = KeySettings()
    pages: PageSettings = PageSettings()


@frozen
class SettingProblem:
    """One mistake among settings: the names that lead to it, and the error that it is."""

    path: tuple[str, ...]
    error: ConfigurationError


def load_settings(path: Path) -> Settings:
    """The settings in a TOML or JSON file; or, of an old registrations file, the setting `registrations.file`.

    A JSON file with a top-level `registrations`, or another section of `Settings`, is a settings file; any other one is
    a registrations file. Relative paths in a file start at its folder.

    Raises:
        ConfigurationError: `config.settings_file_unreadable`, `config.settings_not_readable`, `config.member_twice`,
            as `read_settings`.
    """
    document = read_document(path)
    if is_settings(document, path):
        return read_settings(document, path.absolute().parent)
    return Settings(registrations=RegistrationSettings(file=path.absolute()))


def is_settings(document: Mapping[str, object], path: Path) -> bool:
    """Whether a file holds settings; else it holds registrations. No platform is called `storage` or `tool`."""
    return is_toml(path) or not fields_dict(Settings).keys().isdisjoint(document)


def read_settings(values: object, folder: Path | None = None) -> Settings:
    """The settings in a mapping of mappings, as `{"storage": {"url": "memory://"}}`.

    Args:
        folder: where relative paths start; None: where the program was started.

    Raises:
        ConfigurationError: the first mistake: `config.setting_unknown`, `config.setting_invalid`,
            `config.state_secret_short`, `config.text_unknown`.
    """
    if not isinstance(values, Mapping):
        message = 'Settings must be an object of objects, as {"storage": {"url": "memory://"}}.'
        raise ConfigurationError("config.setting_invalid", message)
    try:
        settings = _converter.structure(values, Settings)
    except BaseValidationError as error:
        raise next(_problems(error, ())).error from error
    return settings if folder is None else _placed(settings, folder)


def problems_of(values: Mapping[str, object]) -> tuple[SettingProblem, ...]:
    """All mistakes in a mapping of settings, for people who want to mend them at once."""
    try:
        _converter.structure(values, Settings)
    except BaseValidationError as error:
        return tuple(_problems(error, ()))
    return ()


def _problems(error: BaseValidationError, path: tuple[str, ...]) -> Iterator[SettingProblem]:
    """What cattrs collected, each with its place."""
    for inner in error.exceptions:
        notes = [note for note in getattr(inner, "__notes__", ()) if isinstance(note, AttributeValidationNote)]
        at = (*path, *(note.name for note in notes))
        if isinstance(inner, BaseValidationError):
            yield from _problems(inner, at)
        elif isinstance(inner, ForbiddenExtraKeysError):
            for name in sorted(map(str, inner.extra_fields)):
                yield SettingProblem((*path, name), _unknown(path, name, inner.cl))
        else:
            refused: Any = inner  # a marker of `setting_values`, or `_section`, or an attrs class of ours refused it
            yield SettingProblem(at, evolve(refused, message=f"{'.'.join(at)} {refused.message}"))


def _unknown(path: tuple[str, ...], name: str, section: type) -> ConfigurationError:
    known = [known for known in fields_dict(section) if known != "folder"]
    near = get_close_matches(name, known, n=1)
    if "://" in name:
        remedy = "Registrations belong under registrations.document."
    elif near:
        remedy = f'Write "{".".join([*path, near[0]])}".'
    else:
        remedy = f"Known here: {', '.join(known)}."
    message = f'There is no setting "{".".join([*path, name])}". {remedy}'
    return ConfigurationError("config.setting_unknown", message, found=name)


def _placed(settings: Settings, folder: Path) -> Settings:
    """`settings` with absolute paths."""
    given, storage, tool = settings.registrations, settings.storage, settings.tool
    file = None if given.file is None else folder / given.file
    url = None if given.url is None else _placed_url(given.url, folder)
    return evolve(
        settings,
        registrations=evolve(given, file=file, url=url, folder=folder),
        storage=evolve(storage, url=_placed_url(storage.url, folder)),
        tool=evolve(tool, keys=_placed_name(tool.keys, folder), grants=_placed_name(tool.grants, folder)),
    )


def _placed_name(name: str | None, folder: Path) -> str | None:
    """Of a file or a folder, or a URL."""
    if name is None:
        return None
    return _placed_url(name, folder) if "://" in name else str(folder / name)


def _placed_url(url: str, folder: Path) -> str:
    """An SQLite file's URL has three slashes before a relative name, and four before an absolute one."""
    name = url.removeprefix(_SQLITE)
    relative = name != url and name and not name.startswith((":", "file:")) and not Path(name).is_absolute()
    return f"{_SQLITE}{folder / name}" if relative else url


def _section(target: Any, converter: Converter) -> Any:
    read = make_dict_structure_fn(target, converter, _cattrs_forbid_extra_keys=True)

    def hook(value: Any, _: Any) -> Any:
        if not isinstance(value, Mapping):
            message = f"must be an object of settings: {', '.join(fields_dict(target))}."
            raise ConfigurationError("config.setting_invalid", message)
        return read(value, target)

    return hook


_SQLITE = "sqlite:///"
_converter = Converter()
_converter.register_structure_hook_factory(has)(_section)
