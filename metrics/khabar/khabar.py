"""Khabar's scorer as a metric of Hugging Face `evaluate`.

    import evaluate
    khabar = evaluate.load("metrics/khabar", "claims")       # a path to this folder, and one of the tasks
    khabar.compute(predictions=predictions, references=gold)

The package `khabar` must be installed; neither its data nor a checkout is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import index
from typing import Any

import datasets
import evaluate

from dataset_builder import Schema, score
from dataset_builder.errors import did_you_mean

_DESCRIPTION = """\
Scores annotations of Arabic conflict news, spans nested and overlapping as they are: actors and places, event triggers,
their arguments, attributed claims, loaded terms, entity links. The tasks and every figure are defined in
docs/benchmark.md of the Khabar dataset."""

_KWARGS_DESCRIPTION = """
Args:
    predictions: documents in the simple form: layers, spans, relations, claims, and `spurious`, how many things a
        system said that stand nowhere in the text. `spans` must be there, if only as an empty list. A `text` must be
        the reference's.
    references: gold documents in the same order and form without `spurious`, and their `text` (claims need it) and
        `event`.
Returns:
    f1, precision, recall, macro_f1 and the 95 % interval low and high of the task's main measure; `signature` says
    what they depend on; `measures` has every other figure. `notice`, with a warning, is there where the predictions
    have nothing at all of a kind that the references have.
Examples:
    >>> import evaluate
    >>> metric = evaluate.load("metrics/khabar", "entities")
    >>> gold = [{"spans": [{"layer": "ACTOR", "label": "STATE", "start": 0, "end": 5}]}]
    >>> metric.compute(predictions=gold, references=gold)["f1"]
    1.0
"""

_CITATION = """\
@misc{khabar,
  title = {Khabar: Arabic conflict news annotated with actors, locations, events, attributed claims and framing},
  year = {2026}
}"""


#: Names, which may be whole numbers.
_NAMES = ("document", "event", "id", "head", "tail", "source", "cue", "parent", "continues", "content")


def _document() -> dict[str, Any]:
    """The simple form as features. `evaluate` wants every key, so what is left out is "" or [] there."""
    text, number = datasets.Value("string"), datasets.Value("int64")
    schema = Schema.load()
    attributes = {a.name: text for layer in schema.layers.values() for a in layer.attributes}
    span = {"id": text, "layer": text, "label": text, "start": number, "end": number, "text": text, **attributes}
    claim = dict.fromkeys(("id", "source", "cue", "parent", "continues", *schema.claim), text)
    return {
        "document": text,
        "text": text,
        "layers": datasets.List(text),
        "spans": datasets.List(span),
        "relations": datasets.List({"id": text, "label": text, "head": text, "tail": text}),
        "claims": datasets.List({**claim, "content": datasets.List(text)}),
        "given": datasets.List(text),
    }


@evaluate.utils.file_utils.add_start_docstrings(_DESCRIPTION, _KWARGS_DESCRIPTION)
class Khabar(evaluate.Metric):
    """The configuration is a task: entities, events, arguments, claims, frames or linking."""

    def _info(self) -> evaluate.MetricInfo:
        document, text = _document(), datasets.Value("string")
        # Columns need keys that are known beforehand, so counts by name are a list of pairs in them.
        counts = datasets.List({"name": text, "count": datasets.Value("int64")})
        features = {"predictions": {**document, "spurious": counts}, "references": {**document, "event": text}}
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_KWARGS_DESCRIPTION,
            features=datasets.Features(features),
        )

    def add_batch(self, *, predictions: Any = None, references: Any = None, **others: Any) -> None:
        """Like `evaluate`'s, but nothing that columns would bend or drop (4.7, "4", an unknown key) gets through."""
        sides = {"predictions": predictions, "references": references}
        lengths = [0 if given is None else len(given) for given in sides.values()]
        if lengths[0] != lengths[1]:
            raise ValueError(f"{lengths[0]} predictions and {lengths[1]} references; give one prediction a document")
        fitting = {
            name: [
                _fitted(document, self.features[name], f"{name}[{n}]")
                for n, document in enumerate([] if given is None else given)
            ]
            for name, given in sides.items()
        }
        super().add_batch(**fitting, **others)

    def add(self, *, prediction: Any = None, reference: Any = None, **others: Any) -> None:
        """One document; see `add_batch`."""
        sides = {"prediction": prediction, "reference": reference}
        fitting = {name: _fitted(given, self.features[f"{name}s"], name) for name, given in sides.items()}
        super().add(**fitting, **others)

    def _compute(self, predictions: list[Any], references: list[Any]) -> dict[str, Any]:
        task = "entities" if self.config_name in (None, "default") else self.config_name
        found = score([_simple(d) for d in references], [_simple(d) for d in predictions], task)
        record = found.as_record()
        main = record["measures"][record["main"]]
        names = ("f1", "precision", "recall", "macro_f1", "low", "high")
        return {**{name: main[name] for name in names}, **record}


def _simple(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of the columns in the simple form."""
    made = {"spans": [], **_bare(document)}
    if "spurious" in made:
        made["spurious"] = {each["name"]: each["count"] for each in made["spurious"]}
    return made


def _bare(value: Any) -> Any:
    """The value without the keys that stand for nothing."""
    if isinstance(value, Mapping):
        return {key: _bare(item) for key, item in value.items() if item not in (None, "", [])}
    return [_bare(item) for item in value] if isinstance(value, list) else value


def _fitted(value: Any, feature: Any, where: str) -> Any:
    """The value with every key; ValueError where it is not what its feature says."""
    is_list, is_text = isinstance(feature, datasets.List), getattr(feature, "dtype", "") == "string"
    if value is None and not isinstance(feature, Mapping):
        return [] if is_list else "" if is_text else None
    if isinstance(feature, Mapping):
        return _record(value, feature, where)
    if where.endswith(".spurious") and isinstance(value, Mapping):
        value = [{"name": name, "count": count} for name, count in value.items()]
    if is_list:
        if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__len__"):
            raise ValueError(f"{where} is {type(value).__name__}, not a list")
        if not len(value) and where.endswith(".layers"):
            raise ValueError(f"{where} is empty; name what was annotated, or leave it out for all layers of the task")
        return [_fitted(item, feature.feature, f"{where}[{number}]") for number, item in enumerate(value)]
    if not is_text:
        return _whole(value, where)
    if where.rpartition(".")[2].partition("[")[0] in _NAMES and _is_whole(value):
        return str(index(value))
    if not isinstance(value, str):
        raise ValueError(f"{where} is {value!r}, not text")
    return value


def _record(value: Any, feature: Mapping[str, Any], where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where} is {type(value).__name__}, not a mapping")
    unknown = sorted(set(map(str, value)) - set(feature))
    if unknown:
        raise ValueError(f"{where} has an unknown key {unknown[0]!r}; {did_you_mean(unknown[0], feature)}")
    if "spans" in feature and value.get("spans") is None:
        raise ValueError(f"{where} has no `spans`; an empty list says that nothing was found")
    return {key: _fitted(value.get(key), inner, f"{where}.{key}") for key, inner in feature.items()}


def _is_whole(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _whole(value: Any, where: str) -> int:
    """A whole number of any kind, like NumPy's, as a plain one."""
    if not _is_whole(value):
        raise ValueError(f"{where} is {value!r}, not a whole number")
    if not -(2**63) <= index(value) < 2**63:
        raise ValueError(f"{where} is {value!r}, which no text is long enough for")
    return index(value)
