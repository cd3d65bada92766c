"""`gliner`: GLiNER (Zaratiana et al. 2024), which finds spans by what their labels mean; nothing is trained here.

Its word splitter cuts a vocalised word at every mark, so it reads the text without marks and its offsets are mapped
back. It knows whole written words only; a proclitic is cut off where the article behind it says that it is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from dataset_builder.baselines.system import Example, made_layer, span
from dataset_builder.errors import UsageError, unknown
from dataset_builder.model import Layer, Span
from dataset_builder.schema import Label, Schema
from dataset_builder.text.characters import INVISIBLE, is_mark
from dataset_builder.text.tokenise import Stretch, may_start, sentences, tokens

#: Labels of one question; with more at a time such models, trained on some 25, mix them up.
_LABELS = 25
#: Words of a window, where the model takes no fewer.
_WORDS = 200
_FILE = "gliner.json"


@dataclass(frozen=True)
class Options:
    """`model` is a local folder or a name on the Hub; `labels` says whether labels are put to it by their meanings in
    English or by their Arabic examples; spans below `threshold` are left out; `layers` are those it is asked for.
    """

    model: str = ""
    labels: Literal["en", "ar"] = "en"
    threshold: float = 0.5
    layers: str = "ACTOR,LOCATION,EVENT"


class Gliner:
    """Zero-shot spans of the layers asked for, without links between them."""

    option_type = Options

    def __init__(self, schema: Schema, options: Options | None = None) -> None:
        self.schema = schema
        self.options = options or Options()
        self.layers: tuple[str, ...] = tuple(self.options.layers.split(","))
        known = [name for name in schema.layers if name != "CLAIM"]
        for name in self.layers:
            if name not in known:
                raise unknown("layer that gliner can be asked for", name, known)
        if not 0 < self.options.threshold < 1:
            raise UsageError(f"--set threshold={self.options.threshold}: a chance between 0 and 1 is expected")

    @cached_property
    def _model(self) -> Any:
        return load_model(self.options.model)

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Nothing: it is used as it comes."""

    def predict(self, document: str, text: str) -> Layer:
        """What the model finds; UsageError where package or weights are not at hand."""
        found = [each for name in self.layers for each in self._spans(text, name)]
        return made_layer(document, text, self.layers, self.schema, found)

    def _spans(self, text: str, name: str) -> Iterator[Span]:
        layer = self.schema.layers[name]
        attributes = {a.name: a.fallback for a in layer.attributes if a.fallback}
        for window in windows(text, min(_WORDS, self._model.config.max_len)):
            bare, index = without_marks(text, *window)
            rated: list[tuple[float, str, Stretch]] = []
            for first in range(0, len(layer.labels), _LABELS):
                asked = prompts(layer.labels[first : first + _LABELS], self.options.labels)
                for each in self._model.inference([bare], asked, threshold=self.options.threshold)[0]:
                    place = behind_article(text, index[each["start"]], _end(text, index[each["end"] - 1]))
                    rated.append((float(each["score"]), each["label"], place))
            for label, (start, end) in best(rated):
                yield span(name, label, start, end, **attributes)

    def save(self, folder: Path) -> None:
        (folder / _FILE).write_text(json.dumps(asdict(self.options), ensure_ascii=False, indent=1) + "\n", "utf8")

    @classmethod
    def load(cls, folder: Path, schema: Schema) -> Self:
        return cls(schema, Options(**json.loads((folder / _FILE).read_text("utf8"))))


def load_model(name: str) -> Any:
    """The model of a folder or a name on the Hub; UsageError that says how to get what is missing."""
    if not name:
        raise UsageError(
            "gliner: no model is named; give --set model=FOLDER, or a name on the Hub like urchade/gliner_multi-v2.1"
        )
    try:
        from gliner import GLiNER
        from torch import cuda
    except ModuleNotFoundError as error:
        raise UsageError(
            "gliner: the package is not here; pip install 'khabar[gliner]', in an environment of its own: it needs an "
            "older transformers than khabar[encoder]"
        ) from error
    try:
        device = "cuda" if cuda.is_available() else "cpu"
        return GLiNER.from_pretrained(name, local_files_only=Path(name).is_dir(), map_location=device).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UsageError(
            f"gliner: {name}: no model can be loaded from there ({reason}); give a folder that GLiNER wrote, or a name "
            "on the Hub while it can be reached"
        ) from error


def prompts(labels: Sequence[Label], language: str) -> Mapping[str, str]:
    """What each label is put to the model as.

    >>> label = Label("STATE_FORCES", "army of a state", ("الجيش", "الشرطة"))
    >>> prompts([label], "en"), prompts([label], "ar")
    ({'STATE_FORCES': 'state forces: army of a state'}, {'STATE_FORCES': 'الجيش، الشرطة'})
    """
    if language == "ar":
        return {label.name: "، ".join(label.examples) for label in labels}
    return {label.name: f"{label.name.replace('_', ' ').lower()}: {label.meaning}" for label in labels}


def windows(text: str, size: int) -> list[Stretch]:
    """Stretches of whole sentences with at most `size` words; a longer sentence is cut between words.

    >>> text = "واحد اثنان. ثلاثة أربعة خمسة ستة سبعة. ثمانية."
    >>> [text[a:b] for a, b in windows(text, 4)]
    ['واحد اثنان.', 'ثلاثة أربعة خمسة ستة', 'سبعة. ثمانية.']
    """
    made: list[tuple[Stretch, int]] = []
    for start, end in sentences(text):
        words = list(tokens(text, start, end))
        for first in range(0, len(words), size):
            piece = words[first : first + size]
            stretch = piece[0][0], piece[-1][1]
            if made and not first and made[-1][1] + len(piece) <= size:
                made[-1] = ((made[-1][0][0], stretch[1]), made[-1][1] + len(piece))
            else:
                made.append((stretch, len(piece)))
    return [stretch for stretch, _ in made]


def without_marks(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """A stretch without diacritics, tatweel and invisible characters, and where each character of it stands.

    >>> bare, index = without_marks("قَصَفَت", 0, 7)
    >>> bare, index
    ('قصفت', [0, 2, 4, 6])
    """
    index = [i for i in range(start, end) if not is_mark(text[i]) and text[i] not in INVISIBLE]
    return "".join(text[i] for i in index), index


def _end(text: str, last: int) -> int:
    """Behind a character and the marks on it."""
    end = last + 1
    while end < len(text) and is_mark(text[end]):
        end += 1
    return end


def behind_article(text: str, start: int, end: int) -> Stretch:
    """The span without the proclitics before an article: و|الجيش, و|ب|الجيش, ل|لجيش.

    >>> [t[slice(*behind_article(t, 0, len(t)))] for t in ("والجيش", "للجيش", "وبالقامشلي", "بلدة", "الجيش")]
    ['الجيش', 'لجيش', 'القامشلي', 'بلدة', 'الجيش']
    """
    bare, index = without_marks(text, start, end)
    for cut in range(1, 4):
        rest, before = bare[cut:], bare[:cut]
        article = "ال" if rest.startswith("ال") else "ل" if before.endswith("ل") and rest.startswith("ل") else ""
        # Fewer than three letters behind it make no word: والد, واله.
        if article and len(rest.split()[0]) >= len(article) + 3 and may_start(text, index[cut]):
            return index[cut], end
    return start, end


def best(rated: Sequence[tuple[float, str, Stretch]]) -> list[tuple[str, Stretch]]:
    """Of spans that overlap the one that the model is surest of, in the order of the text.

    >>> best([(0.6, "A", (0, 4)), (0.9, "B", (2, 6)), (0.7, "A", (6, 8))])
    [('B', (2, 6)), ('A', (6, 8))]
    """
    kept: list[tuple[str, Stretch]] = []
    for _, label, (start, end) in sorted(rated, key=lambda r: (-r[0], r[2], r[1])):
        if not any(start < b and a < end for _, (a, b) in kept):
            kept.append((label, (start, end)))
    return sorted(kept, key=lambda k: k[1])
