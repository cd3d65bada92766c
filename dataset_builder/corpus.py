"""The corpus on disk: manifests, texts, layers and splits of one checkout, each read when it is asked for.

Reading is strict here: the first broken file ends with an error that holds every finding in it. `khabar validate` is
the tolerant way in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dataset_builder.codec import decode_layer, decode_manifest, encode_layer
from dataset_builder.decisions import Decision, decode_decisions
from dataset_builder.errors import DataError, UsageError, unknown
from dataset_builder.files import write_atomic
from dataset_builder.incidents import Incident
from dataset_builder.lists import Cluster, Cue, Entity, Item, LoadedTerm, Outlet, Place, decode_list
from dataset_builder.model import Document, Layer
from dataset_builder.schema import Schema
from dataset_builder.splits import Splits

#: Sources whose texts the project may publish; every other source's texts are hydrated and ignored by git.
INCLUDED_SOURCE = "composed"


def sha256(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, 64 hex."""
    return hashlib.sha256(text.encode("utf8")).hexdigest()


@dataclass(frozen=True)
class Corpus:
    """One checkout. `root` is the folder that holds `annotations/schema.toml`."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Corpus:
        """The checkout around `start` (default: the current folder); UsageError where there is none."""
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "annotations" / "schema.toml").is_file():
                return cls(folder)
        raise UsageError(
            f"{here}: no annotations/schema.toml here or above; run this in a Khabar checkout or give --root"
        )

    @cached_property
    def schema(self) -> Schema:
        return Schema.load(self.root / "annotations" / "schema.toml")

    @cached_property
    def splits(self) -> Splits:
        return Splits.load(self.root)

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every manifest record by id, sorted. DataError where a manifest can't be read."""
        records: dict[str, Document] = {}
        found: list[Incident] = []
        for path in self.manifest_paths():
            documents, incidents = decode_manifest(path.read_bytes(), self.relative(path))
            found += [i for i in incidents if i.is_error]
            records |= {document.id: document for _, document in documents}
        _refuse(found)
        return dict(sorted(records.items()))

    @cached_property
    def entities(self) -> dict[str, Entity]:
        return self._list("entities.jsonl", Entity)

    @cached_property
    def outlets(self) -> dict[str, Outlet]:
        return self._list("outlets.jsonl", Outlet)

    @cached_property
    def clusters(self) -> dict[str, Cluster]:
        return self._list("clusters.jsonl", Cluster)

    @cached_property
    def places(self) -> dict[str, Place]:
        """By GeoNames id."""
        return self._list("places.jsonl", Place)

    @cached_property
    def cues(self) -> dict[str, Cue]:
        return self._list("lexicon/cues.jsonl", Cue)

    @cached_property
    def loaded_terms(self) -> dict[str, LoadedTerm]:
        return self._list("lexicon/frames.jsonl", LoadedTerm)

    def _list(self, name: str, kind: type[Item]) -> dict[str, Item]:
        path = self.root / "annotations" / name
        items, found, _ = decode_list(path, kind, self.relative(path))
        _refuse(found)
        return items

    def document(self, id: str) -> Document:
        """The manifest record; UsageError with suggestions where there is none."""
        if id not in self.documents:
            raise unknown("document", id, self.documents)
        return self.documents[id]

    def manifest_paths(self) -> list[Path]:
        return sorted((self.root / "annotations" / "documents").glob("*.jsonl"))

    def manifest_path(self, source: str) -> Path:
        return self.root / "annotations" / "documents" / f"{source}.jsonl"

    def text_path(self, document: Document) -> Path:
        """Where the text stands: committed for an included document, hydrated and git-ignored for a referenced one."""
        return self.root / "articles" / document.source / f"{document.id}.txt"

    def text(self, document: Document) -> str | None:
        """The canonical text, or the local copy's, or None where a referenced text was not hydrated."""
        path = self.text_path(document)
        return path.read_bytes().decode("utf8") if path.is_file() else None

    def layer_path(self, document: Document, hand: str = "gold") -> Path:
        """`hand` is "gold" or "passes/<annotator>"."""
        return self.root / "annotations" / hand / document.source / f"{document.id}.jsonl"

    def layer(self, id: str, hand: str = "gold") -> Layer:
        """One hand's layer of a document as it stands in the repository.

        Raises UsageError where there is none, DataError where its file is broken.
        """
        path = self.layer_path(self.document(id), hand)
        if not path.is_file():
            raise unknown(f"{hand} layer", id, [document.id for document in self.annotated(hand)])
        return read_layer(path, self.relative(path))

    def annotated(self, hand: str = "gold") -> Iterator[Document]:
        """The documents that this hand has a layer of, by id."""
        return (document for document in self.documents.values() if self.layer_path(document, hand).is_file())

    def decisions_path(self, document: Document) -> Path:
        """Where it stands what was decided between a document's passes."""
        return self.root / "annotations" / "decisions" / document.source / f"{document.id}.jsonl"

    def decisions(self, document: Document) -> dict[str, Decision]:
        """What was decided between a document's passes, by question; DataError where the file is broken."""
        path = self.decisions_path(document)
        if not path.is_file():
            return {}
        found, incidents, _ = decode_decisions(path.read_bytes(), self.relative(path))
        _refuse(incidents)
        return found

    def hands(self) -> list[str]:
        """Whose layers there are: "gold" and "passes/<annotator>"."""
        passes = sorted((self.root / "annotations" / "passes").glob("*/"))
        return ["gold", *(f"passes/{path.name}" for path in passes if path.is_dir())]

    def twice_annotated(self) -> Iterator[tuple[Document, str, str]]:
        """The documents that have two passes or more, by id, with the first two hands by name."""
        passes = self.hands()[1:]
        for document in self.documents.values():
            hands = [hand for hand in passes if self.layer_path(document, hand).is_file()]
            if len(hands) > 1:
                yield document, hands[0], hands[1]

    @property
    def guidelines_sha256(self) -> str:
        """Hash over the guideline pages (16 hex): a pass records which guidelines its annotator had."""
        pages = sorted((self.root / "annotations" / "guidelines").glob("*.md"))
        return sha256("".join(f"{page.name}\n{page.read_text('utf8')}" for page in pages))[:16]

    def write_layer(self, layer: Layer, hand: str = "gold") -> bool:
        """Write the layer's canonical file; returns whether anything changed."""
        return write_atomic(self.layer_path(self.document(layer.document), hand), encode_layer(layer))

    def relative(self, path: Path) -> str:
        """The path as messages show it: from the checkout's root where it lies inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def read_layer(path: Path, shown: str = "") -> Layer:
    """A layer file, or DataError with everything that is wrong with it."""
    layer, incidents, _ = decode_layer(path.read_bytes(), shown or str(path))
    _refuse([i for i in incidents if i.is_error])
    assert layer is not None  # a file without a header has an error
    return layer


def _refuse(errors: list[Incident]) -> None:
    """Raise DataError with all of them, the first one shown; nothing where there is none."""
    if errors:
        more = f" (and {len(errors) - 1} more; `khabar validate` shows all)" if len(errors) > 1 else ""
        raise DataError(f"{errors[0]}{more}", errors)
