"""What differs between two versions of one hand's layer, in words: for whoever reads a contribution.

Ids are minted once and kept, so a record that both versions have by its id was changed, and any other was added or
removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Literal

from dataset_builder.decisions import Decision, places, with_words
from dataset_builder.model import Claim, Layer, Relation, Span

#: Words of a span that are shown; a longer one is cut in its middle.
_SHOWN = 48
Record = Span | Relation | Claim
Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One record that was added, removed or changed, and what of it, in words."""

    kind: Kind
    what: str

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"


def changes(old: Layer | None, new: Layer | None, text: str | None) -> list[Change]:
    """Every difference of two versions, spans first, in the order of the text; None is a layer that is not there.

    `text` gives the words of spans that have none, where it is at hand.

    >>> before = Layer("d1", "1.0", 9, "", ("EVENT",), (Span("s1", "EVENT", "AIR", 0, 3),))
    >>> after = Layer("d1", "1.0", 9, "", ("EVENT",), (Span("s1", "EVENT", "SHELLING", 0, 3),))
    >>> [str(change) for change in changes(before, after, "قصف السوق")]
    ['changed EVENT «قصف» (0–3): label AIR → SHELLING']
    """
    empty = Layer("", "", 0, "", ())
    versions = [_Version(old or empty, text), _Version(new or empty, text)]
    return [*_header(old, new), *_layers(old, new), *_records(*versions)]


def decision_changes(old: Mapping[str, Decision], new: Mapping[str, Decision], text: str | None) -> Iterator[Change]:
    """Every difference of two versions of a document's decisions, in the order of the text.

    >>> before, after = (Decision("EVENT AIR 0-3 status", answer, "karim") for answer in ("negated", "occurred"))
    >>> [str(change) for change in decision_changes({"q": before}, {"q": after}, "قصف السوق")]
    ['changed EVENT AIR «قصف» (0–3) status: negated → occurred, by karim']
    """
    for about in sorted({**old, **new}, key=lambda about: [(start, end) for *_, start, end in places(about)]):
        before, after = old.get(about), new.get(about)
        now = after or before
        if now is None or before == after:
            continue
        shown = with_words(now.question, lambda start, end: text[start:end] if text else "")
        said = [f"{decision.answer or '–'}" for decision in (before, after) if decision]
        by = " → ".join(dict.fromkeys(decision.by for decision in (before, after) if decision))
        kind: Kind = "added" if before is None else "removed" if after is None else "changed"
        yield Change(kind, f"{shown}: {' → '.join(dict.fromkeys(said))}, by {by}")


def _header(old: Layer | None, new: Layer | None) -> Iterator[Change]:
    """What is said of a layer as a whole, apart from which layers were annotated."""
    names = [f.name for f in fields(Layer) if f.name not in ("layers", "spans", "relations", "claims")]
    for name in names if old and new else ():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Change("changed", f"header: {name} {before or '–'} → {after or '–'}")


def _layers(old: Layer | None, new: Layer | None) -> Iterator[Change]:
    for name in old.layers if old and new else ():
        if new and name not in new.layers:
            yield Change("removed", f"layer {name}: it no longer counts as annotated")
    for name in new.layers if old and new else ():
        if old and name not in old.layers:
            yield Change("added", f"layer {name}: it counts as annotated now")


@dataclass(frozen=True)
class _Version:
    """One version of a layer, with words for its records."""

    layer: Layer
    text: str | None

    @cached_property
    def records(self) -> Mapping[str, Record]:
        spans = sorted(self.layer.spans, key=lambda span: (span.start, -span.end))
        records: list[Record] = [*spans, *self.layer.relations, *self.layer.claims]
        return {record.id: record for record in records}

    def words(self, id: str | None) -> str:
        """The words of a span, or where it stands if they are not at hand; "–" for none."""
        if id is None:
            return "–"
        span = next((span for span in self.layer.spans if span.id == id), None)
        if span is None:
            return f"{id} (not there)"
        words = span.text or (self.text[span.start : span.end] if self.text else "")
        half = _SHOWN // 2
        short = words if len(words) <= _SHOWN else f"{words[:half]} … {words[-half:]}"
        return f"«{' '.join(short.split())}»" if words else f"{span.start}–{span.end}"

    def named(self, record: Record) -> str:
        """What a record is, as a line begins."""
        if isinstance(record, Span):
            place = f" ({record.start}–{record.end})" if record.text or self.text else ""
            return f"{record.layer} {self.words(record.id)}{place}"
        if isinstance(record, Relation):
            return f"{record.label} from {self.words(record.head)} to {self.words(record.tail)}"
        source = "somebody who is not named there" if record.source is None else self.words(record.source)
        return f"claim of {source}, {self.words(record.cue)}: {' + '.join(map(self.words, record.content))}"

    def placed(self, id: str | None) -> str:
        """The words of a span with its place."""
        span = next((span for span in self.layer.spans if span.id == id), None)
        words = self.words(id)
        return f"{words} ({span.start}–{span.end})" if span and words.startswith("«") else words

    def claim(self, id: str | None) -> str:
        """Another claim, by the words of its content."""
        claim = next((claim for claim in self.layer.claims if claim.id == id), None)
        return " + ".join(map(self.words, claim.content)) if claim else self.words(id)

    def values(self, record: Record) -> dict[str, Value]:
        """What of a record can change, by name."""
        if isinstance(record, Span):
            plain = {"label": record.label, "place": f"{record.start}–{record.end}", **record.attributes}
            return {name: Value(value, (value,)) for name, value in plain.items()}
        if isinstance(record, Relation):
            ends = {"from": self._spans(record.head), "to": self._spans(record.tail)}
            return {"label": Value(record.label, (record.label,)), **ends}
        spans = {"source": self._spans(record.source), "cue": self._spans(record.cue)}
        spans["content"] = self._spans(*record.content)
        said = {name: getattr(record, name) for name in ("form", "act", "source_status", "medium")}
        others = {name: getattr(record, name) for name in ("parent", "continues")}
        claims = {name: Value(id, (self.claim(id), f"{self.claim(id)} {id}")) for name, id in others.items()}
        return spans | {name: Value(value, (value,)) for name, value in said.items()} | claims

    def _spans(self, *ids: str | None) -> Value:
        forms = (self.words, self.placed, lambda id: f"{self.placed(id)} {id}")
        return Value(ids, tuple(" + ".join(map(form, ids)) for form in forms))


@dataclass(frozen=True, slots=True)
class Value:
    """What a record says, to compare, and the ways to show it, the shortest first."""

    said: object
    shown: tuple[str, ...]


def _records(old: _Version, new: _Version) -> Iterator[Change]:
    before, after = old.records, new.records
    for id, record in before.items():
        if id not in after:
            yield Change("removed", _whole(old, record))
    for id, record in after.items():
        if id not in before:
            yield Change("added", _whole(new, record))
        elif (was := before[id]) != record:
            yield from _changed(old, was, new, record)


def _whole(version: _Version, record: Record) -> str:
    if isinstance(record, Relation):
        return version.named(record)
    shown = [record.label] if isinstance(record, Span) else [record.act, record.form, record.source_status]
    more = [f"{k} {v}" for k, v in sorted(record.attributes.items())] if isinstance(record, Span) else []
    return f"{version.named(record)}: {', '.join([*shown, *more])}"


def _changed(old: _Version, was: Record, new: _Version, now: Record) -> Iterator[Change]:
    before, after = old.values(was), new.values(now)
    nothing = Value(None, ("",))
    parts = []
    for name in {**before, **after}:
        one, two = before.get(name, nothing), after.get(name, nothing)
        if one.said != two.said:
            # Where words are the same their places differ, or else their ids.
            ways = [(a, b) for a, b in zip(one.shown, two.shown, strict=False) if a != b]
            a, b = ways[0] if ways else (one.shown[-1], two.shown[-1])
            parts.append(f"{name} {a or '–'} → {b or '–'}")
    # A referenced text's digest follows from its offsets; one that changed alone is the validator's to judge.
    yield Change("changed", f"{new.named(now)}: {', '.join(parts) or 'its stored words or digest alone'}")
