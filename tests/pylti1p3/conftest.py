import pytest

from tests.pylti1p3.tool import Tool


@pytest.fixture
def tool() -> Tool:
    return Tool()
