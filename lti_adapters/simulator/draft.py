"""An authentication response in the making: honest at first, and every part of it can be changed."""

from collections.abc import Callable, Mapping

from attrs import evolve, field, frozen

from lti_adapters.simulator.keys import PlatformKey, as_json, compact
from lti_adapters.simulator.messages import Claims, without

Form = tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class Answer:
    """What a browser is told to send to the tool (OIDC step 3).

    Attributes:
        action: the tool's address; `method` POST, or GET for a tool that is tempted with a token in its address.
        before: forms that the same browser posts first.
    """

    action: str
    fields: Form = field(repr=False)
    method: str = "POST"
    before: tuple[Form, ...] = field(default=(), repr=False)


@frozen(kw_only=True)
class Draft:
    """A launch that is about to be signed and sent.

    Attributes:
        key: the platform's, which signs unless `id_token` is given.
        now: seconds since 1970.
        state: as the tool sent it.
        another_login: makes another browser begin a login at the tool, and returns the parameters of the
            authentication request that the tool answers with.
        id_token: sent in place of the signed one.
        fields: sent in place of the token and the state.
        method, before: as in `Answer`.
    """

    header: Claims
    claims: Claims
    key: PlatformKey
    now: int
    redirect_uri: str
    state: str
    another_login: Callable[[], Mapping[str, str]]
    id_token: str | None = field(default=None, repr=False)
    fields: Form | None = field(default=None, repr=False)
    method: str = "POST"
    before: tuple[Form, ...] = field(default=(), repr=False)

    def having(self, changes: Claims) -> "Draft":
        """This draft with some claims changed or added."""
        return evolve(self, claims={**self.claims, **changes})

    def lacking(self, *names: str) -> "Draft":
        """This draft without those claims."""
        return evolve(self, claims=without(self.claims, *names))

    def headed(self, changes: Claims) -> "Draft":
        """This draft with some members of the token's header changed or added."""
        return evolve(self, header={**self.header, **changes})

    def with_payload(self, payload: bytes) -> "Draft":
        """This draft with a payload that is signed as it is, be it JSON or not."""
        return evolve(self, id_token=compact(as_json(self.header), payload, self.key.sign))

    @property
    def payload(self) -> bytes:
        """The claims as they are signed."""
        return as_json(self.claims)

    @property
    def token(self) -> str:
        """The token that is sent."""
        return self.id_token or compact(as_json(self.header), self.payload, self.key.sign)

    @property
    def form(self) -> Form:
        """The form that the browser is told to post."""
        return self.fields or (("id_token", self.token), ("state", self.state))

    def answer(self) -> Answer:
        """The draft as it is sent."""
        return Answer(action=self.redirect_uri, fields=self.form, method=self.method, before=self.before)
