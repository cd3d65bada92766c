"""Scoring plain lists: the figures of `khabar score` for anybody's documents, without a checkout or a file."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from operator import index
from typing import Any, NoReturn, TypeGuard

from dataset_builder.corpus import sha256
from dataset_builder.curation.simple import as_layer, check_layer, layer_file, read_record
from dataset_builder.errors import DataError, UsageError
from dataset_builder.incidents import Incident
from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from dataset_builder.scoring.score import Score
from dataset_builder.scoring.score import score as score_pairs
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.signature import Listed, digest_of_ids, sign
from dataset_builder.scoring.tasks import Task
from dataset_builder.scoring.tasks import task as task_named

#: A document in the simple form, or the sequence of its spans.
Given = Mapping[str, Any] | Sequence[Any]
#: Half of a surrogate pair: no character, and nothing that UTF-8 can write.
_HALF = re.compile("[\ud800-\udfff]")
#: What gold documents may have beside the simple form.
_GOLD = ("text", "event")


def score(
    gold: Sequence[Given], predicted: Sequence[Given], task: str = "entities", schema: Schema | None = None
) -> Score:
    """Score predictions against gold, both plain lists of documents in the same order.

    A document is a mapping as in the simple JSONL of docs/benchmark.md, or the sequence of its spans. A span is a
    mapping or (layer, label, start, end), offsets being half-open code points; a relation a mapping or (label, head,
    tail); a claim a mapping or (source, cue, contents): extents (start, end) or None, and a list of extents. `spans`
    must be there, if only as an empty list, or claims as extents. Where `document` is given on both sides it must be
    the same. Where `layers` is not given, the layers of the task count as annotated. Gold documents may have their
    `text`, which claims and the measure `clitic` need, and the `event` that they tell, which resampling keeps together;
    predicted ones may repeat the `text`, and have `spurious`. `schema` is the label inventory, the package's own where
    none is given.

    Raises UsageError for a task that does not exist or a text that is needed, DataError where a document is broken: its
    message names the side and the document, counted from 1. Warns of what the gold has and no document's prediction.

    >>> gold = [[("ACTOR", "STATE", 0, 5), ("LOCATION", "COUNTRY", 9, 14)]]
    >>> found = score(gold, [[("ACTOR", "STATE", 0, 5), ("ACTOR", "MEDIA", 9, 14)]])
    >>> found.main.f1, found.counts.figure("exact").right
    (0.5, 1.0)
    >>> said = {"text": "قال زيد: عاد", "spans": [("ACTOR", "PERSON", 4, 7)], "claims": [((4, 7), (0, 3), [(9, 12)])]}
    >>> score([said], [said], "claims").main.f1
    1.0
    >>> score(gold, [[("ACTOR", "STATE", 5, 4)]])
    Traceback (most recent call last):
    dataset_builder.errors.DataError: predicted:1: error[L2 offset-range] span 0 (5–4) is no extent of a text
    """
    if not isinstance(task, str):
        raise UsageError(f"task is {type(task).__name__}; name one task with text")
    if schema is not None and not isinstance(schema, Schema):
        raise UsageError(f"schema is {type(schema).__name__}; give a Schema, like Schema.load()")
    chosen, schema = task_named(task), schema or Schema.load()
    for side, documents in (("gold", gold), ("predicted", predicted)):
        if not _is_list(documents):
            raise UsageError(
                f"{side} is {type(documents).__name__}; give a list of documents, each a mapping or its spans"
            )
    if len(gold) != len(predicted):
        raise UsageError(f"{len(gold)} gold and {len(predicted)} predicted documents; give one prediction a document")
    records = [_record(given, chosen, "gold", n) for n, given in enumerate(gold, 1)]
    extras = [{name: record.pop(name, None) for name in _GOLD} for record in records]
    texts = [_text(extra["text"], chosen, n) for n, extra in enumerate(extras, 1)]
    events = [_event(extra["event"], n) for n, extra in enumerate(extras, 1)]
    guesses = [_record(given, chosen, "predicted", n) for n, given in enumerate(predicted, 1)]
    for number, (guess, text) in enumerate(zip(guesses, texts, strict=True), 1):
        _check_text(guess.pop("text", None), text, number)
    _name(records, guesses)
    sides = [_layers(side, texts, name, schema) for side, name in ((records, "gold"), (guesses, "predicted"))]
    # A document without an event is one of its own, and not the one that another calls "1".
    told = [event or f"document {layer.document}" for event, layer in zip(events, sides[0], strict=True)]
    pairs = [Pair(*each) for each in zip(*sides, texts, told, strict=True)]
    found = score_pairs(pairs, chosen, schema)
    if found.notice:
        warnings.warn(found.notice, stacklevel=2)
    ids = tuple(pair.gold.document for pair in pairs)
    return sign(found, pairs, Listed("given", "gold", ids, digest_of_ids(ids), f"schema-{schema.version}"))


def _text(text: object, task: Task, number: int) -> str | None:
    if text is None and task.needs_text:
        raise UsageError(f"gold:{number}: task {task.name} counts words; give the document its `text`")
    if text is not None and not isinstance(text, str):
        raise UsageError(f"gold:{number}: `text` is {type(text).__name__}, not text")
    if text is not None and (half := _HALF.search(text)):
        _broken("gold", number, f"`text` holds half a surrogate pair at code point {half.start()}")
    return text


def _event(event: object, number: int) -> str:
    """The event as text; 0 is one, "" and None are none."""
    if event is None or isinstance(event, str):
        return event or ""
    if isinstance(plain := _plain(event), int) and not isinstance(plain, bool):
        return str(plain)
    raise UsageError(f"gold:{number}: `event` is {event!r}; name it with text or a whole number")


def _check_text(text: object, gold: str | None, number: int) -> None:
    """DataError where the predictions have offsets into another text than the gold."""
    if text is None or gold is None or text == gold:
        return
    if not isinstance(text, str):
        _broken("predicted", number, f"`text` is {type(text).__name__}, not text")
    same = next((n for n, (a, b) in enumerate(zip(text, gold, strict=False)) if a != b), min(len(text), len(gold)))
    fact = f"`text` ({len(text)} code points) is not the gold's ({len(gold)}) from code point {same} on"
    _broken("predicted", number, fact, "text-differs")


def _name(records: Sequence[dict[str, Any]], guesses: Sequence[dict[str, Any]]) -> None:
    """Give documents without an id the number that they stand at; UsageError where two sides differ, or one repeats."""
    seen: set[str] = set()
    for number, (record, guess) in enumerate(zip(records, guesses, strict=True), 1):
        one, other = (_id(of.get("document"), side, number) for of, side in ((record, "gold"), (guess, "predicted")))
        if one is not None and other is not None and one != other:
            raise UsageError(
                f"predicted:{number}: is of document {other!r}, the gold there of {one!r}; sort them alike"
            )
        name = one if one is not None else other if other is not None else str(number)
        if name in seen:
            raise UsageError(f"gold:{number}: document {name!r} was given above already")
        seen.add(name)
        record["document"] = guess["document"] = name


def _id(given: object, side: str, number: int) -> str | None:
    """A document's id as text; DataError for what is none."""
    plain = _plain(given)
    is_whole = isinstance(plain, int) and not isinstance(plain, bool)
    if plain is not None and not is_whole and (not isinstance(plain, str) or _HALF.search(plain)):
        _broken(side, number, f"`document` is {given!r}; name it with text or a whole number")
    return None if plain is None else str(plain)


def _record(given: Given, task: Task, side: str, number: int) -> dict[str, Any]:
    """The document in the simple form, with tuples as mappings."""
    if not isinstance(given, Mapping) and not _is_list(given):
        _broken(side, number, f"a document is a mapping or a list of spans, not {type(given).__name__}")
    record: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {"spans": given}
    for name in ("layers", "spans", "relations", "claims"):
        if record.get(name) is not None and not _is_list(record[name]):
            _broken(side, number, f"`{name}` is {type(record[name]).__name__}, not a list")
        record[name] = None if record.get(name) is None else list(record[name])
    if isinstance(record.get("spurious"), Mapping):
        record["spurious"] = {name: _plain(count) for name, count in record["spurious"].items()}
    span = ("layer", "label", "start", "end")
    spans = [_whole(_mapping(s, span, "span", side, number)) for s in record["spans"] or ()]
    names = ("label", "head", "tail")
    relations = [_mapping(r, names, "relation", side, number) for r in record["relations"] or ()]
    claims = []
    for claim in record["claims"] or ():
        made = _mapping(claim, ("source", "cue", "content"), "claim", side, number)
        claims.append(made if isinstance(claim, Mapping) else _of_extents(made, spans, side, number))
    layers = record.get("layers")
    if layers is None:
        layers = list(dict.fromkeys([*task.layers, *(s["layer"] for s in spans if isinstance(s.get("layer"), str))]))
    if record.pop("spans") is not None or spans:  # else it is missing, which the record's check says
        record["spans"] = spans
    return {**record, "layers": layers, "relations": relations, "claims": claims}


def _mapping(given: Any, names: Sequence[str], what: str, side: str, number: int) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return dict(given)
    if not _is_list(given) or len(given) != len(names):
        _broken(side, number, f"a {what} is a mapping or ({', '.join(names)}), not {given!r}"[:160])
    return dict(zip(names, given, strict=True))


def _is_list(given: Any) -> TypeGuard[Sequence[Any]]:
    """Whether this is a list, tuple, or array: what has a length and an order, and is no text and no mapping."""
    if isinstance(given, (str, bytes, Mapping)):
        return False
    return isinstance(given, Sequence) or getattr(given, "ndim", 0) > 0  # NumPy's arrays are no Sequence


def _whole(record: dict[str, Any]) -> dict[str, Any]:
    """The record with offsets as plain integers where they are whole numbers of any kind, like NumPy's."""
    return record | {name: _plain(record[name]) for name in ("start", "end") if name in record}


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    try:
        return index(value)
    except TypeError:
        return value  # which the record's check names


def _of_extents(claim: Mapping[str, Any], spans: list[dict[str, Any]], side: str, number: int) -> dict[str, Any]:
    """A claim whose roles are extents: spans are added for them, whose ids say so."""

    def added(role: str, extent: Any) -> str | None:
        if extent is None:
            return None
        place = _whole(_mapping(extent, ("start", "end"), "part of a claim", side, number))
        id = f"{role} {place['start']}–{place['end']}"
        if not any(span.get("id") == id for span in spans):  # two claims may share a cue
            spans.append({"id": id, "layer": "CLAIM", "label": role, **place})
        return id

    source, cue = added("SOURCE", claim["source"]), added("CUE", claim["cue"])
    if not _is_list(claim["content"]):
        _broken(side, number, "the contents of a claim are a list of (start, end)")
    content = [added("CONTENT", extent) for extent in claim["content"]]
    return {"source": source, "cue": cue, "content": content, "source_status": "named" if source else "none"}


def _layers(records: Sequence[dict[str, Any]], texts: Sequence[str | None], side: str, schema: Schema) -> list[Layer]:
    """The records as layers; DataError with every finding where one of them is none."""
    found: list[Incident] = []
    layers = []
    for number, (value, text) in enumerate(zip(records, texts, strict=True), 1):
        record = read_record(value, side, number, found)
        if record is None:
            continue
        layer = as_layer(record, len(text or ""), "" if text is None else sha256(text), schema)
        found += check_layer(layer_file(layer, side, number), schema, text)
        layers.append(layer)
    wrong = [incident for incident in found if incident.is_error]
    if wrong:
        more = f"; {len(wrong)} findings" if len(wrong) > 1 else ""
        raise DataError(f"{wrong[0]}{more}", wrong)
    return layers


def _broken(side: str, number: int, fact: str, code: str = "bad-value") -> NoReturn:
    incident = Incident(code, fact, side, number)
    raise DataError(str(incident), [incident])
