"""The admin: tool keys are made by a button and never shown again, and mistakes are told next to their field."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from lti_core.keys import new_private_key, read_private_key
from lti_storage.django.models import LtiTool, LtiToolKey

_COPY = '<textarea readonly rows="{}" cols="80" aria-label="{}" onfocus="this.select()">{}</textarea>'
_DEPLOYMENTS = [("closed", "only those in the list"), ("any", "any: new ones are accepted and recorded")]


class _Secret(forms.Textarea):
    """What was typed is not sent back, not even with a form that has a mistake."""

    def format_value(self, value: object) -> str:
        return ""


class ToolKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A key of one's own, where it must be a certain one."""

    class Meta:
        model = LtiToolKey
        fields = ("name", "is_common", "private_key")
        labels = {"is_common": "For all platforms"}  # noqa: RUF012 as Django reads it
        help_texts = {  # noqa: RUF012
            "name": "For people; platforms do not see it.",
            "is_common": "The newest of these keys signs towards platforms that have no key of their own.",
            "private_key": "RSA, as PEM text without a password. It is never shown again. To have a new key made, use"
            " the button on the list of keys.",
        }
        widgets = {"private_key": _Secret}  # noqa: RUF012


@admin.register(LtiToolKey)
class ToolKeyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The tool's keys."""

    form = ToolKeyForm
    list_display = ("id", "name", "is_common", "kid")

    def get_fields(self, request: HttpRequest, obj: LtiToolKey | None = None) -> Any:
        """A key that is kept shows its public part only."""
        if obj is None:
            return ["name", "is_common", "private_key"]
        return ["name", "is_common", "kid", "pem_to_copy", "key_set_to_copy"]

    def get_readonly_fields(self, request: HttpRequest, obj: LtiToolKey | None = None) -> list[str]:
        """What belongs to the private key."""
        return [] if obj is None else ["kid", "pem_to_copy", "key_set_to_copy"]

    @admin.display(description="Key id")
    def kid(self, key: LtiToolKey) -> str:
        """The name that platforms know it by."""
        return str(json.loads(key.public_jwk or "{}").get("kid", ""))

    @admin.display(description="Public key, to copy")
    def pem_to_copy(self, key: LtiToolKey) -> str:
        """For platforms that ask for a public key."""
        return format_html(_COPY, 10, "Public key", key.public_key or "")

    @admin.display(description="Key set, to copy")
    def key_set_to_copy(self, key: LtiToolKey) -> str:
        """For platforms that ask for a key set, and do not fetch it."""
        document = {"keys": [json.loads(key.public_jwk or "{}")]}
        return format_html(_COPY, 16, "Key set", json.dumps(document, indent=2))

    def get_urls(self) -> list[Any]:
        """The button's address stands before those of single keys."""
        make = path(
            "make/", self.admin_site.admin_view(require_POST(self.make)), name="lti1p3_tool_config_ltitoolkey_make"
        )
        return [make, *super().get_urls()]

    def make(self, request: HttpRequest) -> HttpResponseRedirect:
        """Make a key, and show its public part."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        pem = new_private_key()
        key = LtiToolKey.objects.create(name=read_private_key(pem).kid, private_key=pem)
        self.log_addition(request, key, [{"added": {}}])
        self.message_user(request, "A new key was made. It signs from now on; give it a name.")
        return HttpResponseRedirect(reverse("admin:lti1p3_tool_config_ltitoolkey_change", args=[key.pk]))


class ToolForm(forms.ModelForm):  # type: ignore[type-arg]
    """An agreement with a platform, in the words that platforms use."""

    deployments = forms.ChoiceField(
        choices=_DEPLOYMENTS,
        initial="closed",
        label="Deployments that may launch",
        help_text="Canvas and Blackboard make a new deployment for each school or course.",
    )

    class Meta:
        model = LtiTool
        fields = (
            *("title", "is_active", "issuer", "client_id", "use_by_default", "auth_login_url", "auth_token_url"),
            *("auth_audience", "key_set_url", "key_set", "tool_key", "deployments", "deployment_ids"),
        )
        help_texts = {  # noqa: RUF012
            "title": "For people, as the name of the platform.",
            "is_active": "Logins and launches of others are refused.",
            "issuer": "Letter for letter as the platform writes it, as https://lms.example.",
            "client_id": "What the platform calls this tool.",
            "use_by_default": "For logins that name the issuer only, where it has several client ids.",
            "auth_login_url": "The platform's address for authentication requests (OIDC).",
            "auth_token_url": "Where access tokens come from. Empty where the tool uses no service.",
            "auth_audience": "For token requests. Only where the platform asks for one.",
            "key_set_url": "Where the platform publishes its keys (JWKS).",
            "key_set": 'In place of that, the keys themselves: {"keys": [...]}.',
            "tool_key": "The tool's key towards this platform. Empty: the newest of those for all platforms.",
            "deployment_ids": 'A list, as ["1", "2"]. [] for none.',
        }
        widgets = {"deployment_ids": forms.Textarea(attrs={"rows": 2}), "key_set": forms.Textarea(attrs={"rows": 4})}  # noqa: RUF012

    def clean_key_set(self) -> str | None:
        """None for no key set, as in a table of the `pylti1p3` package. Django does so for short texts only."""
        return self.cleaned_data["key_set"] or None


@admin.register(LtiTool)
class ToolAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The tool's registrations at platforms."""

    form = ToolForm
    list_display = ("id", "title", "is_active", "issuer", "client_id", "deployment_ids")
    search_fields = ("title", "issuer", "client_id", "auth_login_url", "auth_token_url", "key_set_url")
