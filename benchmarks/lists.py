"""What the lists of `rules` owe to the test documents: its figures with them, and without what only test gold has.

Entities, cues and loaded terms were listed while all documents were annotated. One is "of the test" where it stands in
gold of a test split (of either track) and in no gold of another document: an entity by its id on an ACTOR, a cue and a
loaded term as `Lexicon.find` reads them in the words of CUE and FRAME spans. Needs all texts (`khabar hydrate`).

    python benchmarks/lists.py               # the table of docs/benchmark.md, in two to four minutes on one core
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from dataset_builder.baselines.rules import Rules
from dataset_builder.corpus import Corpus
from dataset_builder.curation.benchmark import pairs, split_of
from dataset_builder.curation.reading import readable
from dataset_builder.lexicon import Lexicon
from dataset_builder.scoring.score import score
from dataset_builder.scoring.tasks import TASKS

Named = tuple[str, str]
LISTS = ("entities.jsonl", "lexicon/cues.jsonl", "lexicon/frames.jsonl")
TRACKS = ("composed", "press")


def named(corpus: Corpus, id: str, cues: Lexicon, terms: Lexicon) -> Iterator[Named]:
    """The list and id of every item that stands in a document's gold."""
    reading = readable(corpus, id)
    if reading.text is None or not reading.exact:
        sys.exit(f"{id}: the text is not here; run `khabar hydrate` on a folder that holds a copy")
    for span in reading.layer.spans:
        words = reading.text[span.start : span.end]
        if span.layer == "ACTOR" and span.attributes.get("entity"):
            yield "entities.jsonl", span.attributes["entity"]
        elif span.label == "CUE" and (cue := cues.find(words)):
            yield "lexicon/cues.jsonl", cue.id
        elif span.layer == "FRAME" and (term := terms.find(words)):
            yield "lexicon/frames.jsonl", term.id


def of_the_test(corpus: Corpus) -> set[Named]:
    """What stands in test gold and in no other."""
    lexicons = Lexicon(corpus.cues.values()), Lexicon(corpus.loaded_terms.values())
    tests = {id for split in corpus.splits.lists if split.name == "test" for id in split.documents}
    found: dict[bool, set[Named]] = {True: set(), False: set()}
    for document in corpus.annotated("gold"):
        found[document.id in tests].update(named(corpus, document.id, *lexicons))
    return found[True] - found[False]


def main() -> None:
    corpus = Corpus.find()
    out = of_the_test(corpus)
    without = {name: {id for of, id in out if of == name} for name in LISTS}
    print(", ".join(f"{len(ids)} of {name}" for name, ids in without.items()))
    print(f"\n| tested on | lists | {' | '.join(TASKS)} |\n|---|---|{'---:|' * len(TASKS)}")
    systems = {"all": Rules(corpus.schema), "without": Rules(corpus.schema, without)}
    for track in TRACKS:
        split = split_of(corpus, track, "test")
        for name, system in systems.items():
            texts = {id: corpus.text(corpus.document(id)) or "" for id in split.documents}
            compared = pairs(corpus, split, {id: system.predict(id, text) for id, text in texts.items()})
            figures = [score(compared, task, corpus.schema).main.f1 for task in TASKS.values()]
            print(f"| {track} | {name} | {' | '.join(f'{100 * figure:.1f}' for figure in figures)} |", flush=True)


if __name__ == "__main__":
    main()
