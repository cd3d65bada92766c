"""Talking to a Label Studio server: what `push` and `pull` need of one, and its documented HTTP interface behind that.

Label Studio's own SDK is not used: it pins an image library that wants an older numpy than everything else here, weighs
half a gigabyte, and repeats a request that failed. An import that was answered with an error may have been carried out
all the same, and Label Studio would store the same tasks twice; here nothing is sent twice.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from dataset_builder.errors import KhabarError, UsageError

if TYPE_CHECKING:
    import httpx2

TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"
SERVER_VARIABLE = "LABEL_STUDIO_URL"
#: Seconds: an export of some thousand tasks takes half a minute.
TIMEOUT = 300.0
PAGE = 500


class ServerError(KhabarError):
    """The server could not be reached, refused, or failed; what was sent before stays sent."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the server; `config` is its labelling configuration as XML."""

    id: int
    title: str
    config: str


class Client(Protocol):
    """What is asked of a server. Every method raises ServerError with one sentence where it does not get through."""

    url: str

    def projects(self) -> list[Project]:
        """All projects that the token's owner sees."""

    def create_project(self, title: str, config: str, instruction: str) -> Project:
        """A new project; `instruction` is HTML that annotators can open."""

    def tasks(self, project: int) -> Iterator[Mapping[str, Any]]:
        """Every task of a project with at least its "id" and "data"."""

    def add_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> int:
        """Add tasks with their predictions in one request; how many were added."""

    def show_version(self, project: int, version: str) -> None:
        """Which version of predictions an annotator starts from."""

    def export(self, project: int) -> list[Mapping[str, Any]]:
        """Every task with its annotations and drafts, as Label Studio exports them in JSON."""

    def users(self) -> dict[int, str]:
        """E-mail addresses by user number."""

    def close(self) -> None:
        """End the connection; nothing can be asked after that."""


def is_here(url: str) -> bool:
    """Whether an address is this machine's own.

    >>> [is_here(f"http://{host}:8080") for host in ("127.0.0.1", "localhost", "[::1]", "127.0.0.1.example.org")]
    [True, True, True, False]
    """
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_in_clear(url: str) -> bool:
    """Whether what is sent to this address can be read on its way.

    >>> [is_in_clear(url) for url in ("http://studio.example", "https://studio.example", "http://127.0.0.1:8080")]
    [True, False, False]
    """
    return url.startswith("http://") and not is_here(url)


def connect(url: str, token: str, transport: httpx2.BaseTransport | None = None) -> Client:
    """A client of the server at `url`; `transport` takes the place of the network.

    Raises UsageError where something is missing, ServerError where nobody answers or the token is refused.
    """
    if not re.match(r"https?://[^/\s]+", url):
        raise UsageError(f"--server {url!r}: give an address such as http://127.0.0.1:8080")
    if not token:
        raise UsageError(
            f"no token for {url}: set {TOKEN_VARIABLE} to a personal access token "
            "(in Label Studio: your account, Account & Settings, Personal Access Token)"
        )
    client = HttpClient(url.rstrip("/"), token.strip(), transport)
    try:
        client.greet()
    except BaseException:
        client.close()
        raise
    return client


class HttpClient:
    """The server through its HTTP interface."""

    def __init__(self, url: str, token: str, transport: httpx2.BaseTransport | None = None) -> None:
        import httpx2

        self.url = url
        self._http = httpx2.Client(
            timeout=TIMEOUT,
            transport=transport,
            # A proxy that the environment names has no way to this machine's own addresses.
            trust_env=not is_here(url),
        )
        self._token = Token(token)

    def close(self) -> None:
        self._http.close()

    def greet(self) -> None:
        """Ask who we are, which tells at once whether address and token are right."""
        answer = self._ask("GET", "api/current-user/whoami")
        if not isinstance(answer, dict) or "email" not in answer:
            raise ServerError(f"{self.url}: what answers there is not Label Studio; correct --server")

    def projects(self) -> list[Project]:
        found = self._pages("api/projects/", "results", {"include": "id,title,label_config"})
        return [Project(p["id"], p.get("title") or "", p.get("label_config") or "") for p in found]

    def create_project(self, title: str, config: str, instruction: str) -> Project:
        wanted = {"title": title, "label_config": config, "expert_instruction": instruction}
        made = self._ask("POST", "api/projects/", json={**wanted, "enable_empty_annotation": True})
        return Project(made["id"], title, config)

    def tasks(self, project: int) -> Iterator[Mapping[str, Any]]:
        yield from self._pages("api/tasks/", "tasks", {"project": project, "fields": "task_only"})

    def add_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> int:
        answer = self._ask("POST", f"api/projects/{project}/import", json=list(tasks))
        return int(answer.get("task_count", 0))

    def show_version(self, project: int, version: str) -> None:
        wanted = {"model_version": version, "show_collab_predictions": True}
        self._ask("PATCH", f"api/projects/{project}/", json=wanted)

    def export(self, project: int) -> list[Mapping[str, Any]]:
        params = {"exportType": "JSON", "download_all_tasks": "true"}
        found = self._ask("GET", f"api/projects/{project}/export", params=params)
        if not isinstance(found, list):
            raise ServerError(f"{self.url}: the export of project {project} is no list of tasks")
        return found

    def users(self) -> dict[int, str]:
        found = self._ask("GET", "api/users/")
        users = found.get("results", []) if isinstance(found, dict) else found
        return {user["id"]: user.get("email") or "" for user in users}

    def _pages(self, path: str, key: str, params: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Every item over all pages."""
        page = count = 0
        while True:
            page += 1
            answer = self._ask("GET", path, params={**params, "page": page, "page_size": PAGE})
            items = answer.get(key, [])
            yield from items
            count += len(items)
            if not items or count >= answer.get("total", answer.get("count", 0)):
                return

    def _ask(self, method: str, path: str, **request: Any) -> Any:
        """The answer's JSON. ServerError with one sentence, whatever goes wrong."""
        import httpx2

        try:
            answer = self._http.request(method, f"{self.url}/{path}", auth=self._token.auth(self.url), **request)
        except httpx2.TimeoutException as error:
            raise ServerError(
                f"{self.url}: no answer within {TIMEOUT:.0f} seconds ({path}); run the command again"
            ) from error
        except httpx2.ConnectError as error:
            raise ServerError(
                f"{self.url}: nobody answers there ({_short(str(error))}); start the server, or correct --server"
            ) from error
        except httpx2.HTTPError as error:
            raise ServerError(
                f"{self.url}: the connection broke ({path}: {_short(str(error))}); "
                "see that the server runs, then run the command again"
            ) from error
        if not 200 <= answer.status_code < 300:
            raise _refused(self.url, path, answer)
        try:
            return answer.json()
        except ValueError as error:
            raise ServerError(f"{self.url}: what answers there is not Label Studio ({path} is no JSON)") from error


class Token:
    """Either of Label Studio's two kinds of token: an old one goes as it is, a personal access token is traded for one
    that holds five minutes, and again when that is refused.
    """

    def __init__(self, token: str) -> None:
        self._token = token
        self._access = ""
        self._is_personal = token.count(".") == 2  # header.claims.signature of a JSON web token

    def auth(self, url: str) -> httpx2.Auth:
        """How a request to the server at `url` says who asks."""
        import httpx2

        token = self

        class Flow(httpx2.Auth):
            requires_response_body = True

            def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
                if not token._is_personal:
                    request.headers["Authorization"] = f"Token {token._token}"
                    yield request
                    return
                for _ in range(2):
                    if not token._access:
                        answer = yield httpx2.Request(
                            "POST", f"{url}/api/token/refresh", json={"refresh": token._token}
                        )
                        token._access = _access(url, answer)
                    request.headers["Authorization"] = f"Bearer {token._access}"
                    if (yield request).status_code != 401:
                        return
                    token._access = ""

        return Flow()


def _access(url: str, answer: httpx2.Response) -> str:
    if answer.status_code != 200:
        raise _refused(url, "api/token/refresh", answer)
    try:
        return str(answer.json()["access"])
    except (ValueError, KeyError, TypeError) as error:
        raise ServerError(f"{url}: what answers there is not Label Studio (it gave no access token)") from error


def _refused(url: str, what: str, answer: httpx2.Response) -> ServerError:
    status, told = answer.status_code, _told(answer.text)
    if status < 400:
        where = answer.headers.get("location", "another address")
        return ServerError(f"{url}: sends on to {_short(where)}; give --server that address")
    if status == 401:
        return ServerError(
            f"{url}: the token was refused ({told}); make a new one in Label Studio and set {TOKEN_VARIABLE} to it"
        )
    if status == 403:
        return ServerError(f"{url}: the token's owner may not do this ({what}: {told})")
    if status == 404:
        return ServerError(f"{url}: nothing is there ({what}); does the project exist, and is the address right?")
    if status >= 500:
        return ServerError(
            f"{url}: the server failed ({status}, {what}: {told}); its log says why; run the command again after that"
        )
    return ServerError(f"{url}: refused ({status}, {what}: {told})")


def _told(body: str) -> str:
    """What an error's body says, in some words: it may be JSON, or a page of 170 KB."""
    if body.lstrip().startswith("<"):
        return "an HTML page"
    try:
        found = json.loads(body)
    except ValueError:
        return _short(body)
    if isinstance(found, dict):
        parts = [found[key] for key in ("detail", "validation_errors") if found.get(key)]
        return _short("; ".join(map(str, parts)) or str(found))
    return _short(str(found))


def _short(text: str, length: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 2]} …"
