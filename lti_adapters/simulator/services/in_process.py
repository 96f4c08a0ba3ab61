"""The services as a tool's Http port: no socket, no waiting."""

from attrs import frozen

from lti_adapters.simulator.services.answers import Reply
from lti_adapters.simulator.services.misbehaviour import base_of
from lti_adapters.simulator.services.services import Services
from lti_core.errors import ServiceFailed
from lti_core.ports import HttpRequest, HttpResponse

PATIENCE = 30.0  # seconds, where the request names none


@frozen
class InProcessHttp:
    """Hands requests to the platform in the same process, and fails as an Http port over the network would."""

    services: Services

    def send(self, request: HttpRequest) -> HttpResponse:
        """See `lti_core.ports.Http`. What takes longer than the request bears fails at once.

        Raises:
            ServiceFailed: `http.unreachable`, `http.timeout`, `http.response_too_large`, `http.response_malformed`.
        """
        if base_of(request.url) != base_of(self.services.world.addresses.issuer):
            message = "Nobody answers there: a simulated platform is reached at its own addresses only."
            raise ServiceFailed("http.unreachable", message, found=request.url, not_sent=True)
        return _delivered(self.services.respond(request), request)


def _delivered(reply: Reply, request: HttpRequest) -> HttpResponse:
    response, patience = reply.response, PATIENCE if request.total is None else request.total
    if reply.lost == "unreachable":
        message = "The platform cannot be reached: it was told so."
        raise ServiceFailed("http.unreachable", message, found=request.url, not_sent=True)
    if reply.lost:
        message = "The platform cannot be reached: the connection broke."
        raise ServiceFailed("http.unreachable", message, found=request.url)
    if reply.delay + reply.pause * len(response.body) > patience:
        raise ServiceFailed("http.timeout", "The platform did not answer in time.", found=request.url)
    if not 200 <= response.status <= 999:
        message = "What answers there does not speak HTTP."
        raise ServiceFailed("http.response_malformed", message, "RFC 9112", found=request.url)
    if len(response.body) > request.max_bytes:
        message = "The platform's answer is too large."
        raise ServiceFailed("http.response_too_large", message, expected=request.max_bytes, found=request.url)
    return response
