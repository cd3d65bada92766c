"""Uploading a build to the Hugging Face Hub: our exact bytes, and a tag that consumers can pin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, KhabarError, UsageError
from dataset_builder.release.content import make_release
from dataset_builder.release.folder import read_manifest
from dataset_builder.release.lock import is_locked
from dataset_builder.release.manifest import Manifest

if TYPE_CHECKING:
    from huggingface_hub import HfApi


@dataclass(frozen=True, slots=True)
class Published:
    """Where a build went. `tag` is "" where none was asked for."""

    url: str
    commit: str
    tag: str


def check(folder: Path, corpus: Corpus) -> Manifest:
    """The manifest of a build that may be published from this checkout.

    Raises UsageError for a hydrated build or a version that is not locked, DataError where the files or the checkout
    changed since the build.
    """
    manifest = read_manifest(folder)
    if not manifest.redistribution:
        raise UsageError(f"{folder}: a hydrated build, whose words belong to others; publish the one in dist/khabar")
    if not is_locked(manifest.version):
        raise UsageError(
            f"{folder}: version {manifest.version} is work in progress; "
            "take -dev off in annotations/release.toml and run `khabar build`"
        )
    fresh = make_release(corpus)
    if (fresh.version, fresh.digest) != (manifest.version, manifest.content_sha256):
        raise DataError(
            f"{folder}: holds version {manifest.version}, content {manifest.content_sha256[:12]}, "
            f"but the checkout makes version {fresh.version}, content {fresh.digest[:12]}; run `khabar build` again"
        )
    return manifest


def publish(folder: Path, corpus: Corpus, repository: str, tagged: bool, api: HfApi) -> Published:
    """Upload the build in `folder` to the dataset `repository` ("name/dataset"), made if it is not there.

    With `tagged`, the commit gets the tag v<version>. Raises what `check` raises, and KhabarError where the tag is
    there already (looked up before anything is uploaded) or the Hub refuses.
    """
    manifest = check(folder, corpus)
    tag = f"v{manifest.version}" if tagged else ""
    with _told(repository):
        api.create_repo(repository, repo_type="dataset", exist_ok=True)
        if tag and tag in {ref.name for ref in api.list_repo_refs(repository, repo_type="dataset").tags}:
            raise KhabarError(
                f"{repository}: has the tag {tag} already; "
                "raise the version in annotations/release.toml, or leave --tag away"
            )
        commit = api.upload_folder(
            folder_path=folder,
            repo_id=repository,
            repo_type="dataset",
            delete_patterns="data/**",
            commit_message=f"Version {manifest.version}, content {manifest.content_sha256[:12]}",
        )
        if tag:
            api.create_tag(repository, tag=tag, revision=commit.oid, repo_type="dataset")
    return Published(commit.repo_url.url, commit.oid, tag)


@contextmanager
def _told(repository: str) -> Iterator[None]:
    """Turn what the Hub or the way to it refuses into one sentence."""
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalTokenNotFoundError

    # Whatever HTTP library huggingface_hub uses (httpx in 1.x, httpx2 in 2.x), its error is a base of the Hub's;
    # OSError is the other, and being offline on purpose is one.
    unreachable: tuple[type[Exception], ...] = HfHubHTTPError.__bases__
    try:
        yield
    except LocalTokenNotFoundError as error:
        raise KhabarError("the Hub wants a token; run `hf auth login` or set HF_TOKEN") from error
    except HFValidationError as error:
        raise UsageError(f"{repository!r} is no name of a dataset on the Hub; it is like name/khabar") from error
    except HfHubHTTPError as error:
        status = error.response.status_code if error.response is not None else "no answer"
        hint = "; run `hf auth login` with a token that may write there" if status in (401, 403) else ""
        raise KhabarError(f"{repository}: the Hub refused ({status}: {str(error).splitlines()[0]}){hint}") from error
    except unreachable as error:
        raise KhabarError(f"{repository}: the Hub can't be reached ({str(error).splitlines()[0]})") from error
