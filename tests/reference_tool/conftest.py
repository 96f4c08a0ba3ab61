"""The reference tool at a platform that offers everything."""

import pytest

from tests.reference_tool.site import Site, site


@pytest.fixture
def here() -> Site:
    return site()
