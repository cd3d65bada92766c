"""A Hugging Face Hub in memory: what uploading a folder, tagging it and loading it back ask for, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.listening import listening

Files = dict[str, bytes]


@dataclass
class FakeHub:
    """`commits` has the files of each commit by its id, `refs` the commit of each branch and tag by repository."""

    url: str = ""
    refs: dict[str, dict[str, str]] = field(default_factory=dict)
    commits: dict[str, Files] = field(default_factory=dict)
    blobs: Files = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    refuse_with: int = 0

    def files(self, repository: str, revision: str) -> tuple[str, Files]:
        """The commit id and files at a branch, tag or commit; KeyError where there is none."""
        commit = self.refs[repository].get(revision, revision)
        return commit, self.commits[commit]

    def commit(self, repository: str, lines: list[dict[str, Any]]) -> str:
        files = dict(self.files(repository, "main")[1])
        for line in lines:
            value = line["value"]
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif line["key"] == "lfsFile":
                files[value["path"]] = self.blobs[value["oid"]]
            elif line["key"] == "deletedFile":
                del files[value["path"]]
        return self.store(repository, files)

    def store(self, repository: str, files: Files) -> str:
        listing = json.dumps({path: hashlib.sha1(data).hexdigest() for path, data in files.items()})
        oid = hashlib.sha1(listing.encode()).hexdigest()
        self.commits[oid] = files
        self.refs.setdefault(repository, {})["main"] = oid
        return oid


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: FakeHub

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, code: int, body: bytes | dict[str, Any] | list[Any] = b"", **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0))
        path = unquote(urlsplit(self.path).path)
        if self.hub.refuse_with:
            return self.answer(self.hub.refuse_with, {"error": "no"})
        for pattern, method in _ROUTES:
            if match := re.fullmatch(pattern, f"{self.command} {path}"):
                try:
                    return method(self, body, *match.groups())
                except KeyError:
                    return self.answer(404, b"", X_Error_Code="RevisionNotFound")
        self.hub.unknown.append(f"{self.command} {path}")
        return self.answer(404)

    do_GET = do_POST = do_PUT = do_HEAD = handle_any  # noqa: N815

    def create(self, body: bytes) -> None:
        asked = json.loads(body)
        name = f"{asked.get('organization') or 'me'}/{asked['name']}"
        if name in self.hub.refs:
            return self.answer(409, {"error": "exists", "url": f"{self.hub.url}/datasets/{name}"})
        self.hub.store(name, {})
        return self.answer(200, {"url": f"{self.hub.url}/datasets/{name}"})

    def validate(self, body: bytes) -> None:
        self.answer(200, {"errors": [], "warnings": []})

    def nothing(self, body: bytes) -> None:
        """What huggingface_hub asks for its own statistics."""
        self.answer(404)

    def preupload(self, body: bytes, repository: str) -> None:
        files = [
            {
                "path": f["path"],
                "uploadMode": "lfs" if f["path"].endswith(".parquet") else "regular",
                "shouldIgnore": False,
            }
            for f in json.loads(body)["files"]
        ]
        self.answer(200, {"files": files})

    def batch(self, body: bytes, repository: str) -> None:
        objects = [
            {**o, "actions": {"upload": {"href": f"{self.hub.url}/lfs/{o['oid']}"}}}
            for o in json.loads(body)["objects"]
        ]
        self.answer(200, {"transfer": "basic", "objects": objects})

    def blob(self, body: bytes, oid: str) -> None:
        self.hub.blobs[oid] = body
        self.answer(200)

    def commit(self, body: bytes, repository: str) -> None:
        oid = self.hub.commit(repository, [json.loads(line) for line in body.splitlines() if line])
        url = f"{self.hub.url}/datasets/{repository}/commit/{oid}"
        self.answer(200, {"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})

    def tag(self, body: bytes, repository: str, revision: str) -> None:
        refs, name = self.hub.refs[repository], json.loads(body)["tag"]
        if name in refs:
            return self.answer(409, {"error": "exists"})
        refs[name] = refs.get(revision, revision)
        return self.answer(200)

    def list_refs(self, body: bytes, repository: str) -> None:
        refs = self.hub.refs[repository]
        found = [{"name": n, "ref": f"refs/{n}", "targetCommit": oid} for n, oid in refs.items()]
        branches = [r for r in found if r["name"] == "main"]
        tags = [r for r in found if r["name"] != "main"]
        self.answer(200, {"branches": branches, "converts": [], "tags": tags})

    def info(self, body: bytes, repository: str, revision: str | None = None) -> None:
        oid, files = self.hub.files(repository, revision or "main")
        siblings = [{"rfilename": path} for path in files]
        self.answer(
            200, {"id": repository, "sha": oid, "siblings": siblings, "tags": [], "private": False, "downloads": 0}
        )

    def tree(self, body: bytes, repository: str, revision: str, folder: str = "") -> None:
        _, files = self.hub.files(repository, revision)
        folder = folder.strip("/")
        inside = {p: d for p, d in files.items() if not folder or p.startswith(f"{folder}/")}
        recursive = "recursive=true" in self.path.lower()
        found: dict[str, dict[str, Any]] = {}
        for path, data in inside.items():
            rest = path.removeprefix(folder).strip("/").split("/")
            parents = range(1, len(rest)) if recursive else range(1, min(2, len(rest)))
            for depth in parents:
                name = "/".join([*([folder] if folder else []), *rest[:depth]])
                found[name] = {"type": "directory", "path": name, "oid": hashlib.sha1(name.encode()).hexdigest()}
            if recursive or len(rest) == 1:
                found[path] = _entry(path, data)
        self.answer(200 if found or not folder else 404, list(found.values()))

    def paths_info(self, body: bytes, repository: str, revision: str) -> None:
        _, files = self.hub.files(repository, revision)
        paths = json.loads(body)["paths"]
        found = [_entry(p, files[p]) for p in paths if p in files]
        folders = [p for p in paths if p not in files and any(f.startswith(f"{p.rstrip('/')}/") for f in files)]
        found += [{"type": "directory", "path": p, "oid": "0" * 40} for p in folders]
        self.answer(200, found)

    def resolve(self, body: bytes, repository: str, revision: str, path: str) -> None:
        oid, files = self.hub.files(repository, revision)
        if path not in files:
            return self.answer(404, b"", X_Error_Code="EntryNotFound", X_Repo_Commit=oid)
        data = files[path]
        headers = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X_Repo_Commit": oid, "Accept_Ranges": "bytes"}
        if wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            start, end = int(wanted[1]), int(wanted[2] or len(data) - 1)
            headers["Content_Range"] = f"bytes {start}-{min(end, len(data) - 1)}/{len(data)}"
            return self.answer(206, data[start : end + 1], **headers)
        return self.answer(200, data, **headers)


def _entry(path: str, data: bytes) -> dict[str, Any]:
    return {"type": "file", "path": path, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}


_NAME = "([^/]+/[^/]+)"
_ROUTES = [
    (r"POST /api/repos/create", _Handler.create),
    (r"POST /api/validate-yaml", _Handler.validate),
    (r"GET /api/[^/]+", _Handler.nothing),
    (rf"POST /api/datasets/{_NAME}/preupload/main", _Handler.preupload),
    (rf"POST /datasets/{_NAME}\.git/info/lfs/objects/batch", _Handler.batch),
    (r"PUT /lfs/(\w+)", _Handler.blob),
    (rf"POST /api/datasets/{_NAME}/commit/main", _Handler.commit),
    (rf"POST /api/datasets/{_NAME}/tag/(.+)", _Handler.tag),
    (rf"GET /api/datasets/{_NAME}/refs", _Handler.list_refs),
    (rf"GET /api/datasets/{_NAME}(?:/revision/([^/]+))?", _Handler.info),
    (rf"GET /api/datasets/{_NAME}/tree/([^/]+)/?(.*)", _Handler.tree),
    (rf"POST /api/datasets/{_NAME}/paths-info/([^/]+)", _Handler.paths_info),
    (rf"(?:GET|HEAD) /datasets/{_NAME}/resolve/([^/]+)/(.+)", _Handler.resolve),
]


@contextmanager
def running() -> Iterator[FakeHub]:
    """A Hub on a free local port, stopped at the end."""
    hub = FakeHub()
    handler = type("Handler", (_Handler,), {"hub": hub})
    with listening(handler) as hub.url:
        yield hub
