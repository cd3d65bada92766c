"""Small articles for the bias audit, composed here, with lists in which everything can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from dataset_builder.corpus import sha256
from dataset_builder.lexicon import Lexicon
from dataset_builder.lists import Cluster, Cue, Dated, Entity, Fact, LoadedTerm, Outlet, Place
from dataset_builder.model import Document
from dataset_builder.release.bias import Minimum, Report, Terms, audit
from dataset_builder.release.bias.terms import Counted
from dataset_builder.release.entries import Entry
from dataset_builder.schema import Schema
from tests.samples import SCHEMA, Marker

#: Nothing is too few, so that a handful of documents can be worked by hand.
ANY = Minimum(units=1, documents=1)

OUTLETS = {
    "red": Outlet(id="red", name="Red", stance="north", designed=True),
    "blue": Outlet(id="blue", name="Blue", stance="south", designed=True),
    "green": Outlet(id="green", name="Green", stance="south", designed=True),
}


def _entity(id: str, kind: str, *sides: Dated) -> Entity:
    return Entity(id=id, name_ar=id, name_en=id.title(), types=(Dated(value=kind),), sides=sides)


#: The Guard is of the north; the Band changes from south to north with the year 2021; the Agency has no side.
ENTITIES = [
    _entity("guard", "STATE_FORCES", Dated(value="north")),
    _entity("spokesman", "PERSON", Dated(value="north")),
    _entity("band", "ARMED_GROUP", Dated(value="south", until="2020-12-31"), Dated(value="north", since="2021-01-01")),
    _entity("agency", "MEDIA"),
]
CUES = [
    Cue(id="akkada", lemma="أكد", kind="verb", factivity="endorsing", acts=("affirm",), forms=("أكد", "يؤكد")),
    Cue(id="qala", lemma="قال", kind="verb", factivity="neutral", acts=("say",), forms=("قال", "أضاف", "اتهم")),
    Cue(id="zaama", lemma="زعم", kind="verb", factivity="distancing", acts=("say",), forms=("زعم",)),
]
TERMS = [LoadedTerm(id="isaba", lemma="عصابة", label="DELEGITIMISING", about="ACTOR", gloss="gang", forms=("عصابة",))]
PLACES = [
    Place(id="1", name="Aleppo", country="Syria", governorate="Aleppo"),
    Place(id="2", name="Tunis", country="Tunisia"),
]
COUNTED = Counted(
    violent_groups=frozenset({"BATTLE", "REMOTE", "CIVILIANS"}),
    violent_codes=frozenset({"EXCESSIVE_FORCE", "MOB"}),
    happened=frozenset({"occurred", "ongoing"}),
    accusing_codes=frozenset({"ACCUSE", "CONDEMN"}),
    accusing_acts=frozenset({"accuse", "condemn"}),
    speaks_for=frozenset({"PERSON", "MEDIA"}),
    negations=frozenset({"لم"}),
    governorates=("Aleppo", "Homs"),
)


@cache
def _schema() -> Schema:
    return Schema.load(SCHEMA)


def cluster(id: str, governorate: str = "Homs") -> Cluster:
    return Cluster(
        id=id,
        title=f"Event {id}",
        title_ar="حدث",
        date="2020-05-05",
        place="Town",
        governorate=governorate,
        event_groups=("REMOTE",),
        facts=(Fact(fact="It happened.", references=("r1",)),),
        references=(),
        documents=(),
    )


def terms(*clusters: Cluster) -> Terms:
    return Terms(
        schema=_schema(),
        counted=COUNTED,
        entities={entity.id: entity for entity in ENTITIES},
        clusters={each.id: each for each in clusters},
        places={place.id: place for place in PLACES},
        cues=Lexicon(CUES),
        loaded_terms=Lexicon(TERMS),
    )


def entry(
    id: str,
    text: str,
    mark: Callable[[Marker], object] = lambda m: None,
    outlet: str = "red",
    published: str = "2020-05-05",
    cluster: str = "",
    track: str = "composed",
    with_text: bool = True,
) -> Entry:
    """One document; `mark` annotates it. Without its text the layer is what is known of somebody else's article."""
    marker = Marker(id, text)
    mark(marker)
    document = Document(
        id=id,
        source="composed" if track == "composed" else "paper",
        availability="included" if track == "composed" else "referenced",
        licence="cc-by-4.0",
        sha256=sha256(text),
        length=len(text),
        reader="plain/1",
        encoding="utf-8",
        outlet=outlet,
        published=published,
        cluster=cluster,
        words=len(text.split()),
    )
    return Entry(document, marker.layer(), track, "train", text if with_text else None, OUTLETS.get(outlet))


def report(entries: Iterable[Entry], *clusters: Cluster, minimum: Minimum = ANY) -> Report:
    return audit(list(entries), terms(*clusters), minimum=minimum, resamples=200)


def counts(found: Report, figure: str, *keys: str) -> tuple[int, int]:
    """Part and whole of a row."""
    row = found.figure(figure).row(*keys)
    return row.part, row.whole


__all__ = ["ANY", "cluster", "counts", "entry", "report", "terms"]
