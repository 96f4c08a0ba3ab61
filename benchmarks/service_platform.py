"""A platform's services on loopback, with answers made beforehand: what they cost is not measured. Run as a side."""

import json
import socket
import sys
from pathlib import Path
from threading import Lock, Thread
from typing import BinaryIO
from urllib.parse import parse_qs, urlsplit

from benchmarks.lms import Platform
from benchmarks.side import serve

PAGE = 100  # members on a page
COURSE_ID = "8865aa05b4b79b64a91a86042e43af5ea8ae79eb"
TOKEN = {"access_token": "c2VydmljZS10b2tlbi1vZi10aGUtYmVuY2htYXJr", "token_type": "Bearer", "expires_in": 3600}
RESULT = {"resultUrl": "https://lms.example.edu/api/lti/courses/4711/line_items/99/results/1"}
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

_VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def _member(number: int) -> dict[str, object]:
    return {
        "status": "Active",
        "name": f"Zoë Müller-{number}",
        "given_name": "Zoë",
        "family_name": f"Müller-{number}",
        "email": f"zoe.mueller-{number}@students.example.edu",
        "picture": f"https://lms.example.edu/images/thumbnails/4711/{number}",
        "lis_person_sourcedid": f"sis-user-{number}",
        "user_id": f"535fa085-f22b-4655-9f48-{number:012}",
        "roles": [_VOCABULARY + ("Learner" if number % 20 else "Instructor")],
    }


class ServicePlatform:
    """Answers `/jwks`, `/token`, `/items/1/scores`, `/members?pages=N`; counts connections and requests for tokens."""

    def __init__(self, key_set: object) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.origin = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        context = {"id": COURSE_ID, "title": "Biology for beginners"}
        page = {"id": f"{self.origin}/members", "context": context, "members": [_member(n) for n in range(PAGE)]}
        self._token, self._result = json.dumps(TOKEN).encode(), json.dumps(RESULT).encode()
        self._key_set = json.dumps(key_set).encode()
        self._page = json.dumps(page, ensure_ascii=False).encode()
        self._lock, self._tokens, self._connections = Lock(), 0, 0

    def counts(self) -> dict[str, int]:
        """What came since this was asked the last time."""
        with self._lock:
            found = {"tokens": self._tokens, "connections": self._connections}
            self._tokens = self._connections = 0
        return found

    def run(self) -> None:
        """Accept connections, each in a thread."""
        while True:
            connection, _ = self._socket.accept()
            with self._lock:
                self._connections += 1
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, connection.makefile("rb") as asked:
            while target := _read_request(asked):
                connection.sendall(self._answer(target))

    def _answer(self, target: str) -> bytes:
        path, query = urlsplit(target).path, urlsplit(target).query
        if path == "/token":
            with self._lock:
                self._tokens += 1
            return _response("application/json", self._token)
        if path == "/jwks":
            return _response("application/json", self._key_set)
        if path == "/members":
            return _response(MEMBERS_TYPE, self._page, self._link(query))
        return _response("application/json", self._result)

    def _link(self, query: str) -> str:
        asked = parse_qs(query)
        pages, page = int(asked["pages"][0]), int(asked.get("page", ["1"])[0])
        following = f"{self.origin}/members?pages={pages}&page={page + 1}"
        return f'Link: <{following}>; rel="next"\r\n' if page < pages else ""


def _read_request(asked: BinaryIO) -> str:
    """The target of the next request, which is read to its end; empty when there is none any more."""
    line, length = asked.readline(), 0
    while (header := asked.readline()).strip():
        name, _, value = header.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    asked.read(length)
    return line.split()[1].decode() if line else ""


def _response(media_type: str, body: bytes, link: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{link}\r\n".encode() + body


def main(platform_pem_file: str) -> None:
    """Serve HTTP, and the tasks."""
    platform = ServicePlatform(Platform(Path(platform_pem_file).read_text()).key_set)
    Thread(target=platform.run, daemon=True).start()
    serve({"origin": lambda: platform.origin, "counts": platform.counts})


if __name__ == "__main__":
    main(*sys.argv[1:])
