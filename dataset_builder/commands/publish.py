"""`khabar publish`: upload a build to the Hugging Face Hub."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context


def publish(
    repository: Annotated[str, typer.Argument(metavar="REPO", help="The dataset on the Hub, like name/khabar.")],
    tag: Annotated[bool, typer.Option("--tag", help="Tag the commit with the data version, like v0.2.0.")] = False,
    folder: Annotated[Path | None, typer.Option(help="The build; default: dist/khabar in the checkout.")] = None,
) -> None:
    """Upload a build to the Hub, byte for byte; a hydrated, edited or outdated one is refused.

    Example: khabar publish name/khabar --tag
    """
    from huggingface_hub import HfApi

    from dataset_builder.release.publish import publish as upload

    corpus = context.corpus()
    done = upload(folder or corpus.root / "dist" / "khabar", corpus, repository, tag, HfApi())
    print(f"published {done.url} at {done.commit[:12]}" + (f", tag {done.tag}" if done.tag else ""))
