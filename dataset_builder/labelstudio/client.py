"""Talking to a Label Studio server: what `push` and `pull` need of one, and its own SDK behind that.

The SDK keeps tokens (both kinds: it trades a personal access token for a short-lived one by itself) and addresses. It
never repeats a request here: an import that was answered with an error may have been carried out all the same, and
Label Studio would store the same tasks twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from dataset_builder.errors import KhabarError, UsageError

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


def connect(url: str, token: str, http: Any = None) -> Client:
    """A client of the server at `url`; `http` is an httpx.Client to use in place of the usual one.

    Raises UsageError where something is missing, ServerError where nobody answers or the token is refused.
    """
    if not re.match(r"https?://[^/\s]+", url):
        raise UsageError(f"--server {url!r}: give an address such as http://127.0.0.1:8080")
    if not token:
        raise UsageError(
            f"no token for {url}: set {TOKEN_VARIABLE} to a personal access token "
            "(in Label Studio: your account, Account & Settings, Personal Access Token)"
        )
    client = SdkClient(url.rstrip("/"), token, http)
    client.greet()
    return client


class SdkClient:
    """The server through label-studio-sdk."""

    def __init__(self, url: str, token: str, http: Any = None) -> None:
        self.url = url
        try:
            from label_studio_sdk import LabelStudio
        except ImportError:
            raise UsageError("this needs label-studio-sdk: pip install 'khabar[labelstudio]'") from None
        with _explained(url, "the token"):
            self._sdk = LabelStudio(base_url=url, api_key=token, timeout=TIMEOUT, max_retries=0, httpx_client=http)

    def greet(self) -> None:
        """Ask who we are, which tells at once whether address and token are right."""
        if "email" not in self._json("GET", "api/current-user/whoami"):
            raise ServerError(f"{self.url}: what answers there is not Label Studio; correct --server")

    def projects(self) -> list[Project]:
        found = self._pages("api/projects", "results", {"include": "id,title,label_config"})
        return [Project(p["id"], p.get("title") or "", p.get("label_config") or "") for p in found]

    def create_project(self, title: str, config: str, instruction: str) -> Project:
        with _explained(self.url, f"creating project {title!r}"):
            made = self._sdk.projects.create(
                title=title,
                label_config=config,
                expert_instruction=instruction,
                show_skip_button=True,
                enable_empty_annotation=True,
            )
        return Project(made.id, title, config)

    def tasks(self, project: int) -> Iterator[Mapping[str, Any]]:
        yield from self._pages("api/tasks", "tasks", {"project": project, "fields": "task_only"})

    def add_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> int:
        answer = self._json("POST", f"api/projects/{project}/import", json=list(tasks))
        return int(answer.get("task_count", 0))

    def show_version(self, project: int, version: str) -> None:
        with _explained(self.url, f"project {project}"):
            self._sdk.projects.update(id=project, model_version=version, show_collab_predictions=True)

    def export(self, project: int) -> list[Mapping[str, Any]]:
        with _explained(self.url, f"the export of project {project}"):
            parts = self._sdk.projects.exports.download_sync(project, export_type="JSON", download_all_tasks=True)
            found = json.loads(b"".join(parts))
        if not isinstance(found, list):
            raise ServerError(f"{self.url}: the export of project {project} is no list of tasks")
        return found

    def users(self) -> dict[int, str]:
        found = self._json("GET", "api/users")
        return {user["id"]: user.get("email") or "" for user in found if isinstance(user, dict) and "id" in user}

    def _pages(self, path: str, key: str, params: dict[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Every item over all pages, as the server's JSON has it: the SDK's types do not fit each server's answers."""
        page = count = 0
        while True:
            page += 1
            answer = self._json("GET", path, params={**params, "page": page, "page_size": PAGE})
            items = answer.get(key, [])
            yield from items
            count += len(items)
            total = answer.get("total", answer.get("count", 0))
            if not items or count >= total:
                return

    def _json(self, method: str, path: str, **request: Any) -> Any:
        with _explained(self.url, path):
            # The SDK's own transport: the address, the token and its renewal.
            answer = self._sdk._client_wrapper.httpx_client.request(path, method=method, **request)
            if answer.status_code >= 400:
                raise _refused(self.url, path, answer.status_code, answer.text)
            return answer.json()


@contextmanager
def _explained(url: str, what: str) -> Iterator[None]:
    """Whatever goes wrong with a request, as one sentence."""
    import httpx
    from label_studio_sdk.core.api_error import ApiError

    try:
        yield
    except ApiError as error:
        raise _refused(url, what, error.status_code or 0, error.body) from error
    except httpx.TimeoutException as error:
        raise ServerError(f"{url}: no answer within {TIMEOUT:.0f} seconds ({what}); run the command again") from error
    except httpx.HTTPError as error:
        raise ServerError(
            f"{url}: nobody answers there, or the connection broke ({what}: {_short(str(error))}); "
            "see that the server runs, then run the command again"
        ) from error
    except ValueError as error:  # JSON that is none, or an answer that the SDK's types do not fit
        raise ServerError(
            f"{url}: the answer can't be read ({what}: {_short(str(error))}); is it Label Studio 1.23 or later?"
        ) from error


def _refused(url: str, what: str, status: int, body: Any) -> ServerError:
    told = _told(body)
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


def _told(body: Any) -> str:
    """What an error's body says, in some words: it may be JSON, or a page of 170 KB."""
    if isinstance(body, str) and not body.lstrip().startswith("<"):
        try:
            body = json.loads(body)
        except ValueError:
            return _short(body)
    if isinstance(body, Mapping):
        parts = [body.get(key) for key in ("detail", "validation_errors", "exc_info") if body.get(key)]
        return _short("; ".join(str(part) for part in parts[:2]) or str(dict(body)))
    return "an HTML page" if isinstance(body, str) else _short(str(body))


def _short(text: str, length: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 2]} …"
