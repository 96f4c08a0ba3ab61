import gc
import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis import Redis, RedisCluster
from redis.cluster import ClusterNode
from redis.exceptions import ConnectionError as BrokenConnection
from redis.sentinel import Sentinel

from lti_adapters.clock import SystemClock
from lti_core.errors import ConfigurationError, StorageFailed
from lti_core.keys import new_private_key
from lti_core.registration import Registration
from lti_core.services.grant import ServiceGrant
from lti_storage.expiring import MAX_VALUE
from lti_storage.redis import RedisGrants, RedisRegistrations, RedisStore, RedisToolKeys
from tests.fakes import TOOL_PEM
from tests.servers.process import ServerProcess, free_port, program
from tests.servers.redis import PASSWORD, RedisServer

CLOCK = SystemClock()
SOON = CLOCK.now() + timedelta(minutes=30)
HOLDERS = (lambda url: RedisStore(url, CLOCK), RedisRegistrations, RedisToolKeys, RedisGrants)


def registration(client_id: str = "c1", **changes: object) -> Registration:
    values = {"issuer": "https://lms.example", "login_url": "https://lms.example/auth", "deployment_ids": ["d1"]}
    return Registration(**{**values, "client_id": client_id, "key_set_url": "https://lms.example/keys", **changes})


GRANT = ServiceGrant(issuer="https://lms.example", client_id="c1", deployment_id="d1")


@contextmanager
def running(*options: str) -> Iterator[RedisServer]:
    server = RedisServer(options)
    with closing(server.process):
        yield server


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with running() as server:
        yield server


@pytest.fixture
def url(server: RedisServer) -> str:
    return server.new_url()


@pytest.fixture
def plain(url: str) -> Iterator[Redis]:
    """The same database, opened by somebody else."""
    with Redis.from_url(url) as client:
        yield client


@pytest.fixture
def configured(server: RedisServer) -> Iterator[Callable[..., None]]:
    """Change the server's configuration until the end of the test."""
    with server.client() as client:
        before = client.config_get("maxmemory*")
        yield lambda **settings: [client.config_set(name.replace("_", "-"), set_) for name, set_ in settings.items()]
        for name in ("maxmemory", "maxmemory-policy"):
            client.config_set(name, before[name])


# Where it is


@pytest.mark.parametrize(
    "url",
    [
        "redis://:pa55word@db:port/0",
        "redis://:pa55word/@db:6379/0",
        "redis://:pa55word@db:6379/tool",
        "redis://:pa55word@db:6379/0/1",
        "redis://:pa55word@db/0?no_such_option=1",
        "redis://:pa55word@db/0?socket_timeout=soon",
        "redis://:pa55word@[db/0",
        "redis+unix://:pa55word@db",
        "db:6379",
        "",
    ],
)
def test_an_address_that_cannot_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        RedisStore(url, CLOCK)
    assert refusal.value.code == "config.storage_url_invalid"
    assert "redis://host:6379/0" in refusal.value.message
    assert "pa55word" not in "".join(traceback.format_exception(refusal.value))


@pytest.mark.parametrize("given", ["redis://db?decode_responses=True", Redis(decode_responses=True)])
def test_a_client_that_decodes_is_refused(given: str | Redis) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        RedisStore(given, CLOCK)
    assert refusal.value.code == "config.storage_client_decodes"


def test_a_wrong_password_is_a_failure_that_does_not_show_it(server: RedisServer) -> None:
    hidden = "-".join(["not", "to", "be", "shown"])
    store = RedisStore(server.new_url().replace(PASSWORD, hidden), CLOCK)
    with pytest.raises(StorageFailed) as failure:
        store.add("a", "1", SOON)
    assert (failure.value.code, failure.value.found) == ("storage.unavailable", "AuthenticationError")
    assert hidden not in "".join(traceback.format_exception(failure.value))


def write_certificate(path: Path) -> None:
    """Of localhost, signed by itself, and its private key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private = key.private_bytes(encoding, form, serialization.NoEncryption())
    path.write_bytes(certificate.public_bytes(encoding) + private)
    path.chmod(0o644)


def test_a_unix_socket_and_tls_are_possible() -> None:
    with running("--unixsocket", "redis.sock", "--unixsocketperm", "777", "--tls-auth-clients", "no") as server:
        pem = server.process.folder / "localhost.pem"
        write_certificate(pem)
        port = free_port()
        with server.client() as client:
            client.config_set("tls-cert-file", str(pem), "tls-key-file", str(pem), "tls-port", port)
        secure = f"rediss://:{PASSWORD}@localhost:{port}/1"
        by_tls = RedisStore(f"{secure}?ssl_ca_certs={pem}", CLOCK)
        by_socket = RedisStore(f"unix://:{PASSWORD}@{server.process.folder}/redis.sock?db=1", CLOCK)
        assert by_tls.add("a", "1", SOON) is True
        assert by_socket.add("a", "2", SOON) is False
        with pytest.raises(StorageFailed):
            RedisStore(secure, CLOCK).get("a")  # nobody knows who signed the certificate


# What is kept


def test_every_key_has_our_prefix_and_an_end(url: str, plain: Redis) -> None:
    store = RedisStore(url, CLOCK)
    store.add("added", "1", SOON)
    store.set("set", "1", SOON)
    keys = plain.keys()
    assert len(keys) == 2
    assert all(key.startswith(b"lti:") and len(key) == 4 + 64 for key in keys)
    assert all(0 < plain.pttl(key) <= 30 * 60 * 1000 for key in keys)


def test_what_has_ended_already_is_not_kept_for_ever(url: str, plain: Redis) -> None:
    store = RedisStore(url, CLOCK)
    for keep in (store.add, store.set):
        keep("a", "1", CLOCK.now() - timedelta(days=1))
    assert all(plain.pttl(key) in (-2, 0, 1) for key in plain.keys() or [b"none"])


def test_tools_with_prefixes_of_their_own_see_nothing_of_one_another(url: str) -> None:
    first, second = RedisStore(url, CLOCK, prefix="quiz:"), RedisStore(url, CLOCK, prefix="poll:")
    assert first.add("a", "1", SOON) is True
    assert second.add("a", "2", SOON) is True
    assert (first.get("a"), second.get("a")) == ("1", "2")


@pytest.mark.parametrize(
    "spoil", [lambda plain, key: plain.set(key, b"\xff" * 20), lambda plain, key: plain.lpush(key, 1)]
)
def test_what_somebody_else_wrote_is_a_failure(url: str, plain: Redis, spoil: Callable[[Redis, bytes], object]) -> None:
    store = RedisStore(url, CLOCK)
    store.set("a", "1", SOON)
    (key,) = plain.keys()
    plain.delete(key)
    spoil(plain, key)
    with pytest.raises(StorageFailed) as failure:
        store.get("a")
    assert failure.value.code == "storage.unavailable"


class AnswerLost:
    """Stands between a client and a server. The first answer to a command that holds `word` is lost, and the connection
    with it.
    """

    def __init__(self, port: int, word: bytes) -> None:
        self.lost = 0
        self._port, self._word = port, word
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with self._listener:
            while True:
                Thread(target=self._pass_on, args=[self._listener.accept()[0]], daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._port)) as server:
            while asked := client.recv(65536):
                server.sendall(asked)
                answer = server.recv(65536)
                if self._word in asked and not self.lost:
                    self.lost += 1
                    return
                client.sendall(answer)


def test_an_honest_launch_whose_answer_was_lost_is_no_replay(server: RedisServer, url: str) -> None:
    between = AnswerLost(server.process.port, b"\r\nNX\r\n")
    store = RedisStore(url.replace(f":{server.process.port}/", f":{between.port}/"), CLOCK)
    assert store.add("a", "1", SOON) is True
    assert between.lost == 1
    assert store.add("a", "1", SOON) is False
    assert RedisStore(url, CLOCK).get("a") == "1"


# A server with too little memory, or that tells nothing


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-lru", "volatile-ttl", "allkeys-random"])
@pytest.mark.parametrize("make", HOLDERS)
def test_a_server_that_evicts_is_refused(
    url: str, configured: Callable[..., None], policy: str, make: Callable[[str], object]
) -> None:
    configured(maxmemory="100mb", maxmemory_policy=policy)
    holder = make(url)
    with pytest.raises(ConfigurationError) as refusal:
        holder.get("a") if isinstance(holder, RedisStore) else holder.all()
    assert (refusal.value.code, refusal.value.found) == ("config.storage_evicts", policy)
    assert "noeviction" in refusal.value.message


@pytest.mark.parametrize(("limit", "policy"), [("100mb", "noeviction"), ("0", "allkeys-lru"), ("0", "noeviction")])
def test_a_server_that_never_evicts_is_used(
    url: str, configured: Callable[..., None], caplog: pytest.LogCaptureFixture, limit: str, policy: str
) -> None:
    configured(maxmemory=limit, maxmemory_policy=policy)
    assert RedisStore(url, CLOCK).add("a", "1", SOON) is True
    assert caplog.records == []


def test_a_server_that_does_not_tell_is_used_with_a_warning(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    with server.client() as client:
        client.acl_setuser("teller", enabled=True, passwords=["+x"], keys=["*"], commands=["+@all", "-info", "-config"])
    store = RedisStore(server.new_url().replace(f":{PASSWORD}", "teller:x"), CLOCK)
    assert store.add("a", "1", SOON) is True
    assert store.add("a", "1", SOON) is False
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "noeviction" in caplog.text


def test_a_server_that_is_full_keeps_what_it_has_and_refuses_more(url: str, configured: Callable[..., None]) -> None:
    store = RedisStore(url, CLOCK)
    store.add("nonce", "1", SOON)
    configured(maxmemory="1", maxmemory_policy="noeviction")
    with pytest.raises(StorageFailed) as failure:
        store.add("another", "x" * MAX_VALUE, SOON)
    assert failure.value.code == "storage.full"
    configured(maxmemory="0")
    assert store.add("nonce", "1", SOON) is False
    assert store.add("another", "1", SOON) is True


def test_many_threads_share_few_connections(server: RedisServer, url: str) -> None:
    store = RedisStore(url, CLOCK)
    with ThreadPoolExecutor(64) as threads:
        added = list(threads.map(lambda number: store.add(str(number), "1", SOON), range(640)))
    assert added == [True] * 640
    with server.client() as client:
        database = url.rpartition("/")[2]
        assert 1 <= sum(one["db"] == database for one in client.client_list()) <= 16


# Registrations, keys and grants


def test_a_registration_of_an_issuer_is_found_there_as_long_as_it_is_kept(url: str) -> None:
    registrations = RedisRegistrations(url)
    other = registration("c1", issuer="https://other.example", key_set_url="https://other.example/keys")
    for one in (registration("c2"), registration("c1"), other):
        registrations.add(one)
    assert registrations.of_issuer("https://lms.example") == (registration("c1"), registration("c2"))
    registrations.replace(registration("c2", login_url="https://lms.example/new"))
    registrations.remove("https://lms.example", "c1")
    (left,) = registrations.of_issuer("https://lms.example")
    assert (left.client_id, left.login_url) == ("c2", "https://lms.example/new")
    assert registrations.all() == (left, other)
    assert RedisRegistrations(url, prefix="other:").all() == ()


@pytest.mark.parametrize("document", ["d1, d2", "{}", "[]", '{"issuer": "i"}', '{"unknown": 1}', b"\xff", "[" * 5000])
def test_a_registration_that_was_spoilt_by_hand_is_explained(url: str, plain: Redis, document: str | bytes) -> None:
    registrations = RedisRegistrations(url)
    registrations.add(registration())
    for name in plain.keys():  # noqa: SIM118
        plain.hset(name, registration().key, document)
    for look in (lambda: registrations.find("https://lms.example", "c1"), registrations.all):
        with pytest.raises(ConfigurationError) as refusal:
            look()
        assert refusal.value.code == "config.registration_unreadable"


def test_of_many_that_add_the_same_key_of_the_tool_it_is_there_once(url: str) -> None:
    start = Barrier(8)

    def add(_: int) -> None:
        keys = RedisToolKeys(url)
        start.wait()
        keys.add(TOOL_PEM)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(8)))
    newer = RedisToolKeys(url).add(new_private_key())
    assert [key.kid for key in RedisToolKeys(url).all()] == [newer.kid, RedisToolKeys(url).add(TOOL_PEM).kid]


def test_a_key_that_was_spoilt_by_hand_is_explained(url: str, plain: Redis) -> None:
    plain.lpush("lti:tool-keys", b"\xff")
    with pytest.raises(ConfigurationError) as refusal:
        RedisToolKeys(url).all()
    assert refusal.value.code == "config.private_key_unreadable"


def test_a_grant_that_was_spoilt_by_hand_is_explained(url: str, plain: Redis) -> None:
    grants = RedisGrants(url)
    for document in (b"\xff", "{"):
        plain.hset("lti:grants", GRANT.key, document)
        with pytest.raises(StorageFailed) as failure:
            grants.find(GRANT.key)
        assert failure.value.code == "storage.grant_unreadable"


# Clients that are made already


def use_all(client: Redis | RedisCluster) -> None:
    """Every method once, on whatever is behind `client`."""
    store, registrations = RedisStore(client, CLOCK), RedisRegistrations(client)
    keys, grants = RedisToolKeys(client), RedisGrants(client)
    assert [store.add("a", "1", SOON), store.add("a", "2", SOON)] == [True, False]
    store.set("b", "2", SOON)
    store.delete("a")
    assert (store.get("a"), store.get("b")) == (None, "2")
    registrations.add(registration("c1"))
    registrations.add(registration("c2"))
    with pytest.raises(ConfigurationError):
        registrations.add(registration("c2"))
    registrations.replace(registration("c2", login_url="https://lms.example/new"))
    registrations.remove("https://lms.example", "c1")
    (left,) = registrations.all()
    assert registrations.of_issuer("https://lms.example") == (left,)
    assert registrations.find("https://lms.example", "c2") == left
    added = keys.add(TOOL_PEM)
    keys.add(TOOL_PEM)
    assert [key.kid for key in keys.all()] == [added.kid]
    grants.keep(GRANT)
    assert (grants.find(GRANT.key), grants.all()) == (GRANT, (GRANT,))
    assert [grants.revoke(GRANT.key), grants.revoke(GRANT.key)] == [True, False]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_client_of_a_cluster_may_be_given() -> None:
    with running("--cluster-enabled", "yes") as server:
        with server.client() as client:
            client.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
            while client.cluster("info")["cluster_state"] != "ok":
                pass
        nodes = [ClusterNode("127.0.0.1", server.process.port)]
        with closing(RedisCluster(startup_nodes=nodes, password=PASSWORD, socket_timeout=2)) as cluster:
            use_all(cluster)
            cluster.config_set("maxmemory", "100mb", target_nodes=RedisCluster.PRIMARIES)
            cluster.config_set("maxmemory-policy", "volatile-lru", target_nodes=RedisCluster.PRIMARIES)
            with pytest.raises(ConfigurationError) as refusal:
                RedisStore(cluster, CLOCK).get("a")
            assert refusal.value.code == "config.storage_evicts"
        del cluster
        gc.collect()  # redis-py leaves sockets of its nodes to the collector, which shall complain of them here


def test_a_client_of_a_sentinel_may_be_given(server: RedisServer) -> None:
    redis = program("redis-server", "redis-server")

    def answers(port: int) -> bool:
        with Redis(host="127.0.0.1", port=port) as client:
            return client.info("sentinel")["sentinel_masters"] == 1

    watcher = ServerProcess(
        "sentinel",
        lambda port: [redis, "sentinel.conf", "--sentinel", "--port", str(port), "--bind", "127.0.0.1"],
        answers,
    )
    configuration = watcher.folder / "sentinel.conf"
    configuration.write_text(
        f"sentinel monitor tool 127.0.0.1 {server.process.port} 1\nsentinel auth-pass tool {PASSWORD}\n"
    )
    configuration.chmod(0o666)
    with closing(watcher):
        watcher.start()
        sentinel = Sentinel([("127.0.0.1", watcher.port)], socket_timeout=2)
        with closing(sentinel.master_for("tool", db=9_999, password=PASSWORD, socket_timeout=2)) as client:
            use_all(client)
        for one in sentinel.sentinels:
            one.close()


def test_a_client_that_retries_and_fails_is_a_failure(refusing_port: int) -> None:
    with Redis(host="127.0.0.1", port=refusing_port, socket_timeout=2) as client:
        with pytest.raises(StorageFailed) as failure:
            RedisStore(client, CLOCK).get("a")
        assert isinstance(failure.value.__cause__, BrokenConnection)
