"""What the audit looks things up in: the lists in `annotations/`, and `audit.toml`, which says what counts as what."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pydantic import BaseModel, ConfigDict, ValidationError

from dataset_builder.corpus import Corpus
from dataset_builder.errors import DataError, unknown
from dataset_builder.lexicon import Lexicon
from dataset_builder.lists import Cluster, Cue, Dated, Entity, LoadedTerm, Place
from dataset_builder.schema import Schema

AUDIT_FILE = "annotations/audit.toml"


class Counted(BaseModel):
    """`annotations/audit.toml`: names of the schema, and words, that the audit gives a meaning."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    violent_groups: frozenset[str]
    violent_codes: frozenset[str]
    happened: frozenset[str]
    accusing_codes: frozenset[str]
    accusing_acts: frozenset[str]
    speaks_for: frozenset[str]
    negations: frozenset[str]
    governorates: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """Everything that a figure looks up beside the layer itself."""

    schema: Schema
    counted: Counted
    entities: Mapping[str, Entity]
    clusters: Mapping[str, Cluster]
    places: Mapping[str, Place]
    cues: Lexicon[Cue]
    loaded_terms: Lexicon[LoadedTerm]

    @classmethod
    def load(cls, corpus: Corpus) -> Terms:
        """The lists of a checkout. DataError where one is missing or broken, UsageError for a name the schema lacks."""
        return cls(
            corpus.schema,
            _counted(corpus),
            corpus.entities,
            corpus.clusters,
            corpus.places,
            Lexicon(corpus.cues.values()),
            Lexicon(corpus.loaded_terms.values()),
        )

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """The group of each event code."""
        return {label.name: label.group for label in self.schema.layers["EVENT"].labels}

    def is_violent(self, code: str) -> bool:
        return self.groups.get(code) in self.counted.violent_groups or code in self.counted.violent_codes

    def sides(self, entity: str, published: str) -> tuple[str, ...]:
        """The sides that an entity may have been on when a document was published; none where none is recorded.

        More than one where the day is not known well enough to tell, or the list gives two.
        """
        known = self.entities.get(entity)
        return tuple(dict.fromkeys(s.value for s in known.sides if _may_hold(s, published))) if known else ()


def _may_hold(dated: Dated, published: str) -> bool:
    """Whether a value holds on some day of `published`, a day, a month, a year, or "" for any day.

    >>> changed = Dated(value="opposition", until="2024-12-07"), Dated(value="government", since="2024-12-08")
    >>> [[_may_hold(side, day) for side in changed] for day in ("2024-12-08T10:00:00", "2024-12", "2025")]
    [[False, True], [True, True], [False, True]]
    """
    day = published[:10]
    first, last = day + "0000-00-00"[len(day) :], day + "9999-99-99"[len(day) :]
    return (dated.since or "") <= last and (dated.until or "9999-99-99") >= first


def _counted(corpus: Corpus) -> Counted:
    path = corpus.root / AUDIT_FILE
    if not path.is_file():
        raise DataError(f"{AUDIT_FILE}: is missing; it says what the bias audit counts as what, restore it from git")
    try:
        counted = Counted.model_validate(tomllib.loads(path.read_text("utf8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise DataError(f"{AUDIT_FILE}: can't be read ({first}); compare the file with its last version") from error
    events, claim = corpus.schema.layers["EVENT"], corpus.schema.claim
    known = {
        "event group": (counted.violent_groups, corpus.schema.event_groups),
        "EVENT label": (counted.violent_codes | counted.accusing_codes, events.names),
        "act": (counted.accusing_acts, claim["act"].values),
        "ACTOR label": (counted.speaks_for, corpus.schema.layers["ACTOR"].names),
        "status": (counted.happened, next(a.values for a in events.attributes if a.name == "status")),
    }
    for what, (named, there) in known.items():
        for name in sorted(named - set(there)):
            raise unknown(f"{what} (in {AUDIT_FILE})", name, there)
    return counted
