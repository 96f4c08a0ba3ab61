"""ToolConfJsonFile: the same as `ToolConfDict` in a file, which also names the files of keys."""

import json
from pathlib import Path
from typing import Any

from lti_adapters.pylti1p3.exception import ConfigException
from lti_adapters.pylti1p3.tool_config.dict import ToolConfDict


class ToolConfJsonFile(ToolConfDict):
    """Key files with relative names are relative to the configuration file.

    Raises:
        ConfigException: the file, or a key file, cannot be read; and as `ToolConfDict`.
    """

    def __init__(self, config_file: str) -> None:
        path = Path(config_file)
        if not path.is_file():
            raise ConfigException(f"LTI tool config file not found: {config_file}")
        try:
            document = json.loads(_text(path))
        except ValueError as error:
            raise ConfigException(f"LTI tool config file {config_file} is not JSON: {error}") from error
        super().__init__(document)
        for iss, entry in self._entries():
            self._read_keys(path.parent, iss, entry)

    def _read_keys(self, folder: Path, iss: str, entry: dict[str, Any]) -> None:
        if not entry.get("private_key_file"):
            raise ConfigException("iss config error: private_key_file not found")
        self.set_private_key(iss, _text(folder / entry["private_key_file"]), entry["client_id"])
        if entry.get("public_key_file"):
            self.set_public_key(iss, _text(folder / entry["public_key_file"]), entry["client_id"])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise ConfigException(f"{path} cannot be read: {type(error).__name__}") from error
