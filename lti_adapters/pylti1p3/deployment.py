"""Deployment: one placement of the tool at a platform."""

from typing import Self


class Deployment:
    """What a configuration's finder of deployments answers."""

    _deployment_id: str | None = None

    def get_deployment_id(self) -> str | None:
        """The id, as launches carry it."""
        return self._deployment_id

    def set_deployment_id(self, deployment_id: str) -> Self:
        """Set it."""
        self._deployment_id = deployment_id
        return self
