"""What the admin writes. What a person sees there is tested in a browser."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from lti_storage.django.models import LtiTool, LtiToolKey
from tests.fakes import TOOL_PEM

KEY_SET = '{"keys": [{"kty": "RSA", "kid": "k1", "n": "AQAB", "e": "AQAB"}]}'
KEPT = {
    "title": "Moodle", "issuer": "https://moodle.example", "client_id": "c1", "auth_login_url": "https://moodle.example/a",
    "auth_token_url": "https://moodle.example/t", "deployment_ids": '["1"]',
}  # fmt: skip


@pytest.fixture
def admin(database: None) -> Client:
    """The browser of somebody who may change everything."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("somebody"))
    return client


@pytest.mark.parametrize(
    "given",
    [
        {"key_set_url": "https://moodle.example/k", "key_set": None, "auth_audience": None},
        {"key_set_url": None, "key_set": KEY_SET, "auth_audience": "https://moodle.example/t"},
    ],
)
def test_to_save_what_was_not_changed_changes_nothing(admin: Client, given: dict[str, Any]) -> None:
    """The old package reads the same table, and finds NULL where there was NULL."""
    key = LtiToolKey.objects.create(name="old", private_key=TOOL_PEM)
    row = LtiTool.objects.create(**KEPT, **given, tool_key=key)
    before = LtiTool.objects.values().get()
    typed = {name: value for name, value in before.items() if value not in (None, False)}
    address = f"/admin/lti1p3_tool_config/ltitool/{row.pk}/change/"
    answer = admin.post(address, {**typed, "tool_key": key.pk})
    assert answer.status_code == 302
    assert LtiTool.objects.values().get() == before


def test_a_key_that_is_left_out_is_told_once(admin: Client) -> None:
    page = admin.post("/admin/lti1p3_tool_config/ltitoolkey/add/", {"name": "mine"}).content.decode()
    assert page.count("This field is required.") == 1
    assert "cannot be read" not in page
