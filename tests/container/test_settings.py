"""Settings: what is read, and how mistakes are explained."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_adapters.settings import Settings, load_settings, problems_of, read_settings
from lti_core.errors import ConfigurationError

EVERYTHING: dict[str, Any] = {
    "registrations": {"url": "sqlite:////var/lib/tool.db"},
    "storage": {"url": "sqlite:////var/lib/tool.db"},
    "tool": {
        "url": "https://tool.example/",
        "urls": ["https://tool.example/quiz/*"],
        "keys": "/var/lib/keys",
        "grants": "/var/lib/grants.json",
    },
    "state": {"secrets": ["s" * 32]},
    "launches": {"lifetime": 3600},
    "time": {"leeway": 0, "oldest_token": 600},
    "http": {"connect": 1, "read": 2.5, "total": 5, "max_bytes": 2048},
    "keys": {"cache_lifetime": 60},
    "pages": {"texts": {"heading.launch": "Oh"}, "language": "pt-BR"},
}


def refusal(values: object) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as refused:
        read_settings(values)
    return refused.value


def test_nothing_has_to_be_set() -> None:
    read = read_settings({})
    assert read == Settings()
    assert read.storage.url == "memory://"
    assert read.launches.lifetime == timedelta(hours=12)
    assert (read.time.leeway, read.time.oldest_token) == (60, 3600)
    assert (read.http.connect, read.http.read, read.http.total, read.http.max_bytes) == (3, 10, 30, 33554432)
    assert read.keys.cache_lifetime == timedelta(hours=1)


def test_everything_can_be_set() -> None:
    read = read_settings(EVERYTHING)
    assert read.registrations.url == read.storage.url == "sqlite:////var/lib/tool.db"
    assert (read.tool.url, read.tool.urls) == ("https://tool.example", ("https://tool.example/quiz/*",))
    assert (read.tool.keys, read.tool.grants) == ("/var/lib/keys", "/var/lib/grants.json")
    assert read.state.secrets == ("s" * 32,)
    assert (read.launches.lifetime, read.keys.cache_lifetime) == (timedelta(hours=1), timedelta(minutes=1))
    assert (read.time.leeway, read.http.read, read.http.max_bytes) == (0, 2.5, 2048)
    assert (read.pages.texts, read.pages.language) == ({"heading.launch": "Oh"}, "pt-BR")


def test_a_secret_is_not_shown_with_the_settings() -> None:
    assert "s" * 32 not in repr(read_settings(EVERYTHING))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"storge": {}}, 'There is no setting "storge". Write "storage".'),
        ({"http": {"totl": 3}}, 'There is no setting "http.totl". Write "http.total".'),
        ({"pages": {"zzz": 3}}, 'There is no setting "pages.zzz". Known here: texts, language.'),
        ({"registrations": {"folder": "x"}}, 'There is no setting "registrations.folder".'),
        (
            {"https://lms.example": [{}]},
            'There is no setting "https://lms.example". Registrations belong under registrations.document.',
        ),
        ({"storage": {5: "x"}}, 'There is no setting "storage.5".'),
    ],
)
def test_a_misspelt_setting_is_named_with_the_right_one(values: object, sentence: str) -> None:
    error = refusal(values)
    assert error.code == "config.setting_unknown"
    assert error.message.startswith(sentence)


@pytest.mark.parametrize(
    ("section", "name", "value", "sentence"),
    [
        ("storage", "url", 5, 'storage.url must be a text in quotes, as "sqlite:////var/lib/tool.db".'),
        ("storage", "url", "", "storage.url must be a text"),
        ("storage", "url", None, "storage.url must be a text"),
        ("time", "leeway", "60", "time.leeway must be a number of seconds from 0 to 300, without quotes, as 60."),
        ("time", "leeway", 301, "time.leeway must be a number of seconds from 0 to 300"),
        ("time", "leeway", -1, "time.leeway must be a number of seconds"),
        ("time", "leeway", float("nan"), "time.leeway must be a number of seconds"),
        ("time", "leeway", True, "time.leeway must be a number of seconds"),
        ("http", "total", 10**400, "http.total must be a number of seconds"),
        ("http", "max_bytes", 1e6, "http.max_bytes must be a whole number of bytes from 1024 to 67108864"),
        ("launches", "lifetime", 1, "launches.lifetime must be a number of seconds from 60 to 2592000"),
        ("keys", "cache_lifetime", "1h", "keys.cache_lifetime must be a number of seconds from 60 to 86400"),
        ("tool", "url", "tool.example", 'tool.url must be where the tool is, without a path, as "https://tool'),
        ("tool", "url", "https://tool.example/lti", "tool.url must be where the tool is"),
        ("tool", "url", "https://me@tool.example", "tool.url must be where the tool is"),
        ("tool", "url", "https://[", "tool.url must be where the tool is"),
        ("tool", "url", "https://tool.example:0", "tool.url must be where the tool is"),
        ("tool", "urls", "https://tool.example/a", "tool.urls must be a list of addresses"),
        ("tool", "urls", ["/a"], "tool.urls must be a list of addresses"),
        ("tool", "urls", [None], "tool.urls must be a list of addresses"),
        ("state", "secrets", "s" * 40, "state.secrets must be a list of texts"),
        ("registrations", "document", [1], "registrations.document must be an object of issuers"),
        ("pages", "texts", {"heading.launch": 1}, "pages.texts must be an object of texts"),
        ("pages", "language", "en_GB!", "pages.language must be a language tag"),
    ],
)
def test_a_bad_value_is_explained(section: str, name: str, value: object, sentence: str) -> None:
    error = refusal({section: {name: value}})
    assert error.code == "config.setting_invalid"
    assert error.message.startswith(sentence)


def test_a_short_secret_is_refused_and_not_shown() -> None:
    error = refusal({"state": {"secrets": ["hunter2"]}})
    assert error.code == "config.state_secret_short"
    assert "hunter2" not in f"{error!r}"


def test_a_misspelt_text_is_found_before_a_page_needs_it() -> None:
    assert refusal({"pages": {"texts": {"heading.lunch": "x"}}}).code == "config.text_unknown"


@pytest.mark.parametrize("values", [None, 5, "memory://", [("a", 1)]])
def test_settings_must_be_an_object(values: object) -> None:
    assert refusal(values).message.startswith("Settings must be an object of objects")


def test_a_section_must_be_an_object() -> None:
    assert refusal({"time": 60}).message == "time must be an object of settings: leeway, oldest_token."


def test_registrations_stand_in_one_place() -> None:
    error = refusal({"registrations": {"file": "tool.json", "document": {}}})
    assert error.message.startswith("registrations can stand in one place only")


def test_all_mistakes_are_told_at_once() -> None:
    problems = problems_of({"time": {"leeway": "x", "oldest_token": 1}, "storge": {}, "http": {"a": 1, "read": 0}})
    paths = [".".join(problem.path) for problem in problems]
    assert sorted(paths) == ["http.a", "http.read", "storge", "time.leeway", "time.oldest_token"]
    assert problems_of(EVERYTHING) == ()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
sections = st.sampled_from(sorted(EVERYTHING))
names = st.sampled_from(sorted({name for section in EVERYTHING.values() for name in section})) | st.text()


@given(st.dictionaries(sections | st.text(), st.dictionaries(names, anything) | anything))
@settings(deadline=None)
def test_whatever_is_set_is_read_or_explained(values: dict[str, Any]) -> None:
    problems = problems_of(values)
    assert all(problem.error.message.endswith(".") for problem in problems)
    if problems:
        assert refusal(values).code in {problem.error.code for problem in problems}
    else:
        read_settings(values)


# files


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_paths_in_a_file_start_at_its_folder(tmp_path: Path) -> None:
    text = """
    registrations.file = "tool.json"
    storage.url = "sqlite:///kept.db"
    tool.keys = "keys"
    tool.grants = "grants.json"
    """
    read = load_settings(written(tmp_path / "settings.toml", text))
    assert read.registrations.file == tmp_path / "tool.json"
    assert read.storage.url == f"sqlite:///{tmp_path}/kept.db"
    assert (read.tool.keys, read.tool.grants) == (f"{tmp_path}/keys", f"{tmp_path}/grants.json")


def test_absolute_paths_and_other_urls_stay(tmp_path: Path) -> None:
    values = {
        "registrations": {"url": "sqlite:///reg.db"},
        "storage": {"url": "memory://"},
        "tool": {"keys": "sqlite:////k.db", "grants": "sqlite:///g.db"},
    }
    read = load_settings(written(tmp_path / "settings.json", json.dumps(values)))
    assert read.registrations.url == f"sqlite:///{tmp_path}/reg.db"
    assert (read.storage.url, read.tool.keys) == ("memory://", "sqlite:////k.db")
    assert read.tool.grants == f"sqlite:///{tmp_path}/g.db"


def test_a_file_in_the_old_format_is_a_registrations_file(tmp_path: Path) -> None:
    path = written(tmp_path / "tool.json", '{"https://lms.example": [{"client_id": "c1"}]}')
    assert load_settings(path) == Settings(registrations=load_settings(path).registrations)
    assert load_settings(path).registrations.file == path


def test_a_settings_file_without_registrations_is_not_taken_for_platforms(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path / "tool.json", '{"storage": {"url": "memory://"}}')) == read_settings(
        {}, folder=tmp_path
    )


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.json", '{"registrations": {}, }', "is not JSON: Illegal trailing comma before end of object in line 1"),
        ("a.json", "[]", "must hold an object"),
        ("a.json", "[" * 100_000, "too many values inside one another"),
        ("a.json", '{"time": {}, "time": {}}', "'time' stands twice in one object"),
        ("a.toml", "time = ", "is not TOML: Invalid value (at end of document)"),
        ("b.toml", "\n[time]\nleeway = x", "(at line 3, column 10)"),
    ],
)
def test_a_file_that_cannot_be_understood_is_explained(tmp_path: Path, name: str, text: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load_settings(written(tmp_path / name, text))
    assert str(tmp_path / name) in refused.value.message
    if "trailing comma" in sentence:  # Python 3.11 has other words for it
        sentence = "in line 1"
    assert sentence in refused.value.message


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_settings(tmp_path / "none.json")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Is a directory"):
        load_settings(tmp_path)


def test_a_file_that_is_no_text_is_explained(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ConfigurationError, match="not text in UTF-8"):
        load_settings(tmp_path / "a.json")
