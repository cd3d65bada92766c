"""`khabar bias`: who speaks, who answers, whose violence has no agent, what is told as fact."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.codec import canonical
from dataset_builder.commands import context
from dataset_builder.commands.score import predicted
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.reading import readable
from dataset_builder.errors import UsageError, unknown
from dataset_builder.files import write_atomic
from dataset_builder.release.entries import Entry, select
from dataset_builder.release.lock import read_version


def bias(
    track: Annotated[str | None, typer.Option(help="composed or press; default: each, never counted together.")] = None,
    layer: Annotated[
        str, typer.Option(help="gold, passes/<annotator>, or predictions as `khabar score` takes them.")
    ] = "gold",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write everything to this file as JSON.")] = None,
    markdown: Annotated[Path | None, typer.Option("--markdown", help="Write the page to this file.")] = None,
    hydrated: Annotated[
        bool, typer.Option("--hydrated", help="Use local copies of referenced texts for what needs words.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the intervals.")] = 0,
) -> None:
    """Audit outlets, speakers, right of reply, cues, loaded terms, agents, claims and coverage, with 95 % intervals.

    Without --json and --markdown the page is printed. Composed outlets were designed: no figure over them is a finding.

    Example: khabar bias --track press --json work/bias.json
    """
    from dataset_builder.release.bias import Terms, as_record, audit
    from dataset_builder.release.bias.page import pages

    corpus = context.corpus()
    entries = _entries(corpus, layer, hydrated)
    tracks = sorted({entry.track for entry in entries})
    if track is not None and track not in tracks:
        raise unknown("track with such a layer", track, tracks)
    # A file is named without its folder: paths of a machine are no part of a signature.
    name = layer if layer in corpus.hands() else Path(layer).name
    terms, version = Terms.load(corpus), read_version(corpus)
    chosen = [[entry for entry in entries if entry.track == each] for each in ([track] if track else tracks)]
    reports = [audit(each, terms, layer=name, version=version, seed=seed) for each in chosen]
    if json_file is not None:
        records = {"reports": [as_record(report) for report in reports]}
        _write(json_file, json.dumps(records, ensure_ascii=False, indent=1) + "\n", corpus)
    if markdown is not None:
        _write(markdown, pages(reports), corpus)
    if json_file is None and markdown is None:
        print(pages(reports), end="")


def _entries(corpus: Corpus, layer: str, hydrated: bool) -> list[Entry]:
    """The documents of the release that this layer has, each with it in the place of gold."""
    entries = list(select(corpus).all)
    if layer != "gold":
        layers = predicted(layer, corpus)
        entries = [replace(e, layer=canonical(layers[e.document.id])) for e in entries if e.document.id in layers]
    if not entries:
        raise UsageError(f"{layer}: has none of the documents of the release; `khabar status` shows who annotated what")
    return [_with_words(corpus, entry, layer) for entry in entries] if hydrated else entries


def _with_words(corpus: Corpus, entry: Entry, layer: str) -> Entry:
    """A referenced document with the local copy's text, and its layer moved to it; as it is where there is none."""
    if entry.text is not None:
        return entry
    if layer in corpus.hands():
        reading = readable(corpus, entry.document.id, layer)
        return entry if reading.text is None else replace(entry, text=reading.text, layer=canonical(reading.layer))
    text = corpus.text(entry.document)
    # Offsets of a prediction are into the text that the manifest describes.
    return replace(entry, text=text) if text is not None and sha256(text) == entry.document.sha256 else entry


def _write(path: Path, content: str, corpus: Corpus) -> None:
    context.check_place(path, corpus, foreign=False)
    write_atomic(path, content)
    print(f"wrote {path}", file=sys.stderr)
