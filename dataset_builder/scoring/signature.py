"""What a figure depends on, as a line that stands beside it: figures can be compared where their lines are equal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dataset_builder.errors import UsageError
from dataset_builder.model import Claim, Layer
from dataset_builder.scoring.score import Score
from dataset_builder.scoring.sides import Pair

#: Raised whenever a change of the scorer can change a figure or a signature; part of every signature.
SCORER = "3"


@dataclass(frozen=True, slots=True)
class Listed:
    """The documents that were to be scored: a track's split with the hash of its list, of data of some version."""

    track: str
    split: str
    documents: tuple[str, ...]
    sha256: str
    data: str


@dataclass(frozen=True, slots=True)
class Signature:
    """What a figure depends on; two figures can be compared where all of it is equal.

    `gold_sha256` is `gold_digest`. `documents_sha256` stands where not all of the split was scored, and is of the ids
    that were. `given` says what of the gold the system was told.

    >>> str(Signature("entities", "composed", "test", "ab12cd34ef56", "1.0.0", "0123456789abcdef", "strict", 40))[:81]
    'task:entities|track:composed|split:test@ab12cd34ef56|data:1.0.0|gold:0123456789ab'
    """

    task: str
    track: str
    split: str
    split_sha256: str
    data: str
    gold_sha256: str
    measure: str
    documents: int
    documents_sha256: str = ""
    given: tuple[str, ...] = ()
    scorer: str = SCORER

    def __str__(self) -> str:
        split = f"{self.split}@{self.split_sha256[:12]}"
        parts = {"task": self.task, "track": self.track, "split": split, "data": self.data}
        some = f"@{self.documents_sha256[:12]}" if self.documents_sha256 else ""
        parts |= {"gold": self.gold_sha256[:12], "measure": self.measure, "documents": f"{self.documents}{some}"}
        parts |= {"given": "+".join(self.given)} if self.given else {}
        parts |= {"resampling": "event", "scorer": self.scorer}
        return "|".join(f"{key}:{value}" for key, value in parts.items())


def sign(found: Score, pairs: Sequence[Pair], listed: Listed) -> Score:
    """The score with its signature; `pairs` are what was given to `score`. UsageError where `given_of` raises it."""
    kept = [pair for pair in pairs if pair.gold.document not in found.left_out]
    scored = tuple(pair.gold.document for pair in kept)
    signature = Signature(
        task=found.task.name,
        track=listed.track,
        split=listed.split,
        split_sha256=listed.sha256,
        data=listed.data,
        gold_sha256=gold_digest(kept),
        measure=found.task.main,
        documents=len(scored),
        documents_sha256="" if scored == listed.documents else digest_of_ids(scored),
        given=given_of(kept),
    )
    return replace(found, signature=str(signature))


def differing(old: str, new: str) -> list[str]:
    """The parts in which two signatures differ, in words.

    >>> differing("task:events|scorer:2", "task:events|gold:ab12|scorer:3")
    ['gold: nothing was stored, now it is ab12', 'scorer: 2 was stored, now it is 3']
    """
    one, two = (dict(part.partition(":")[::2] for part in signature.split("|")) for signature in (old, new))
    return [
        f"{name}: {one.get(name, 'nothing')} was stored, now it is {two.get(name, 'nothing')}"
        for name in {**two, **one}
        if one.get(name) != two.get(name)
    ]


def given_of(pairs: Iterable[Pair]) -> tuple[str, ...]:
    """What the system was told of the gold; UsageError where it was told more on some documents than on others."""
    told = {tuple(sorted(set(pair.predicted.given))): pair.predicted.document for pair in pairs}
    if len(told) > 1:
        (most, there), (least, here) = sorted(told.items(), reverse=True)[:2]
        raise UsageError(
            f"{there} was predicted with {' and '.join(most)} given, {here} with {' and '.join(least) or 'nothing'}; "
            "such predictions can't be scored together: predict all documents the same way"
        )
    return next(iter(told), ())


def digest_of_ids(ids: Iterable[str]) -> str:
    """SHA-256 of document ids as a split's list has them: one a line, each with its line end."""
    return hashlib.sha256("".join(f"{id}\n" for id in ids).encode()).hexdigest()


def gold_digest(pairs: Iterable[Pair]) -> str:
    """SHA-256 of the gold that was scored, a JSON line a document: whatever a figure or its interval may depend on.

    Neither ids nor the order of records is in it, nor the words or anchors of spans: a referenced text has the same
    digest with and without a copy.
    """
    lines = (_line(pair.gold, pair.event or pair.gold.document) for pair in pairs)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _line(gold: Layer, event: str) -> str:
    spans = sorted(
        ([s.start, s.end, s.layer, s.label, dict(s.attributes), s.id] for s in gold.spans),
        key=lambda span: (*span[:4], _json(span[4])),
    )
    # Numbers in the order of the text take the place of ids, -1 that of none.
    number: dict[str | None, int] = {str(span.pop()): n for n, span in enumerate(spans)} | {None: -1}

    def said(claim: Claim) -> list[object]:
        content = sorted(number[id] for id in claim.content)
        what = claim.form, claim.act, claim.source_status, claim.medium
        return [content, number[claim.cue], number[claim.source], *what]

    claims = sorted(gold.claims, key=said)
    place: dict[str | None, int] = {claim.id: n for n, claim in enumerate(claims)} | {None: -1}
    joined = [[*said(claim), place[claim.parent], place[claim.continues]] for claim in claims]
    relations = sorted([r.label, number[r.head], number[r.tail]] for r in gold.relations)
    record = {"document": gold.document, "event": event, "sha256": gold.sha256, "layers": sorted(gold.layers)}
    return _json({**record, "spans": spans, "relations": relations, "claims": joined})


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
