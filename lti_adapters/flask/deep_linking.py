"""The answer to a deep linking request as Flask's response."""

from collections.abc import Iterable
from typing import Unpack

from flask import Response

from lti_adapters.flask.mounted import Mounted
from lti_adapters.flask.requests import launch_url, page_response, texts_of
from lti_adapters.pages.post import post_page
from lti_core.deep_linking.items import ContentItem
from lti_core.deep_linking.response import Said
from lti_core.messages import LaunchMessage


def page_back(mounted: Mounted, launch: LaunchMessage, items: Iterable[ContentItem], **said: Unpack[Said]) -> Response:
    """A page that posts the signed answer to the platform.

    Raises:
        AccessRefused, InvalidValue: as `Tool.deep_linking_response`.
    """
    response = mounted.tool.deep_linking_response(launch, items, launch_url=launch_url(mounted), **said)
    return page_response(post_page(response.return_url, response.form, **texts_of(mounted)))
