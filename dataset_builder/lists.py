"""What the annotations refer to: entities, outlets, event clusters and places, each a JSONL list in `annotations/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from dataset_builder.codec import dump, parse_records
from dataset_builder.errors import DataError
from dataset_builder.incidents import Incident

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-:][a-z0-9]+)*$")]
Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Dated(_Frozen):
    """A value that holds from one day to another; without a day, always. Both days are inclusive."""

    value: str
    since: Annotated[Day | None, Field(alias="from")] = None
    until: Annotated[Day | None, Field(alias="to")] = None

    def holds(self, day: str) -> bool:
        """Whether the value holds on an ISO day; an unknown day ("") is taken to be inside.

        >>> Dated(value="STATE", until="2024-12-08").holds("2024-12-10")
        False
        """
        day = day[:10]
        return not day or ((self.since or "") <= day and (not self.until or day <= self.until))


class Listed(_Frozen):
    """Whatever has an id and a line of its own in a list."""

    id: Id


class Entity(Listed):
    """An actor with an id: names, and what it was when. `wikidata` only if looked up."""

    name_ar: str
    name_en: str
    aliases: tuple[str, ...] = ()
    types: tuple[Dated, ...]
    sides: tuple[Dated, ...] = ()
    wikidata: str = ""


class Outlet(Listed):
    """Who published. `designed` marks the invented styles of composed articles: no finding about anybody real."""

    name: str
    stance: str
    owner: str = ""
    country: str = ""
    url: str = ""
    reference: str = ""
    designed: bool = False


class Reference(_Frozen):
    """A public page that was opened for a fact."""

    id: Id
    title: str
    publisher: str
    url: str
    opened: Day


class Fact(_Frozen):
    """One thing that composed articles build on, with the references that say it."""

    fact: str
    references: Annotated[tuple[Id, ...], Field(min_length=1)]


class ClusterDocument(_Frozen):
    """What one version selects and leaves out."""

    id: Id
    note: str


class Cluster(Listed):
    """One documented event that several composed articles report."""

    title: str
    title_ar: str
    date: Day
    place: str
    governorate: str
    event_groups: tuple[str, ...]
    status: Literal["documented"] = "documented"
    facts: tuple[Fact, ...]
    references: tuple[Reference, ...]
    documents: tuple[ClusterDocument, ...]


Complement = Literal["that", "quote", "noun", "bi", "min", "an", "ila", "ala", "fi", "source"]


class Cue(Listed):
    """A word that attributes, with how it places the content: what the bias audit and the rules baseline look up.

    `factivity` is endorsing (the outlet takes the content for true: أكد، كشف), neutral (قال) or distancing (زعم);
    `forms` are how the cue is written, without proclitics. The three are the attributive stances
    of Martin & White 2005, The Language of Evaluation: endorse, acknowledge, distance.
    `complements` are how it takes its content: a clause with إنّ or أنّ ("that"), words in quotation marks or behind a
    colon ("quote"), a noun phrase or masdar ("noun"), the same behind a preposition (by its name); a cue that governs
    its source, as a preposition does, has "source". A cue without any is not looked for by `rules`.
    """

    lemma: str
    kind: Literal["verb", "noun", "participle", "preposition", "phrase", "mark"]
    factivity: Literal["endorsing", "neutral", "distancing"]
    acts: Annotated[tuple[str, ...], Field(min_length=1)]
    complements: tuple[Complement, ...] = ()
    forms: Annotated[tuple[str, ...], Field(min_length=1)]


class LoadedTerm(Listed):
    """A word that colours an actor or an act, as the FRAME layer has it; `label` is its usual polarity."""

    lemma: str
    label: str
    about: Literal["ACTOR", "EVENT", "both"]
    gloss: str
    forms: Annotated[tuple[str, ...], Field(min_length=1)]


class Variant(_Frozen):
    """Another code of a trigger: where one of the words `near` begins a word near by, or an agent is of `agents`."""

    code: str
    near: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()


class Trigger(Listed):
    """A word that names an event, for `rules`.

    `forms` are a verb's third person masculine singular, perfect and imperfect, a noun's singular and broken plurals;
    of a phrase only the first word is inflected. The trigger counts only where one of `needs` begins a word near by,
    and none of `unless` one right beside it. `toll` marks words of death and of aiming, which are events only where no
    violent trigger stands in the sentence.
    """

    pos: Literal["verb", "noun", "participle", "phrase"]
    code: str
    gloss: str
    toll: bool = False
    variants: tuple[Variant, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    lemma: str
    forms: Annotated[tuple[str, ...], Field(min_length=1)]


class Nominal(Listed):
    """A common noun for an actor, for `rules`: `label` is an ACTOR label, `number` how the noun speaks and is extended.

    `office` is a person by position (رئيس), `class` the class word of a group (تنظيم), which stays outside of its name,
    `outlet` that of a medium (وكالة), which does not, `source` a kind of source (مصادر). `one` is a PERSON unless
    counted.
    """

    label: str
    number: Literal["one", "many", "body", "class", "office", "outlet", "source"]
    gloss: str
    lemma: str
    forms: Annotated[tuple[str, ...], Field(min_length=1)]


class PlaceWord(Listed):
    """A class word of places (مدينة، معبر), for `rules`: `label` is the LOCATION label of a name with it.

    `whole` says that the forms are names themselves (البحر المتوسط، أوروبا): what the list of GeoNames lacks.
    """

    label: str
    whole: bool = False
    gloss: str
    lemma: str
    forms: Annotated[tuple[str, ...], Field(min_length=1)]


class Place(Listed):
    """A place that LOCATION spans refer to; the id is the GeoNames id. `governorate` stands on places in Syria only.

    Names and divisions are GeoNames' (geonames.org, CC BY 4.0), the governorates' spelled as in the list of clusters. A
    country is a place whose `name` is its `country`; `name_ar` is one of GeoNames' or Unicode CLDR's Arabic names.
    """

    name: str
    name_ar: str = ""
    country: str
    governorate: str = ""

    @property
    def is_country(self) -> bool:
        return self.name == self.country


Item = TypeVar("Item", bound=Listed)
#: Every list by its path inside `annotations/`.
LISTS: dict[str, type[Listed]] = {
    "entities.jsonl": Entity,
    "outlets.jsonl": Outlet,
    "clusters.jsonl": Cluster,
    "places.jsonl": Place,
    "lexicon/cues.jsonl": Cue,
    "lexicon/frames.jsonl": LoadedTerm,
    "lexicon/nominals.jsonl": Nominal,
    "lexicon/places.jsonl": PlaceWord,
    "lexicon/triggers.jsonl": Trigger,
}


def kind_of(path: Path) -> type[Listed] | None:
    """What the items of the list at this path are; None where no list is kept there."""
    names = (name for name in LISTS if path.as_posix().endswith(f"annotations/{name}"))
    return LISTS[name] if (name := next(names, "")) else None


def packaged(name: str, kind: type[Item]) -> dict[str, Item]:
    """The items of a list by id as the package carries it: beside the code, or in the checkout around it.

    Raises DataError where the list is broken.
    """
    here = Path(__file__).parent
    path = next((p for p in (here / "annotations" / name, here.parent / "annotations" / name) if p.is_file()), None)
    if path is None:
        raise DataError(f"annotations/{name}: the list is not here; install the package again or run in a checkout")
    items, found, _ = decode_list(path, kind)
    if found:
        raise DataError(f"{found[0]}; `khabar validate` shows all", found)
    return items


def decode_list(
    path: Path, kind: type[Item], shown: str = ""
) -> tuple[dict[str, Item], list[Incident], dict[str, int]]:
    """The items of a list by id, every finding, and each item's line. A missing file is an empty list."""
    items: dict[str, Item] = {}
    found: list[Incident] = []
    lines: dict[str, int] = {}
    shown = shown or str(path)
    data = path.read_bytes() if path.is_file() else b""
    for number, item in parse_records(data, shown, kind.model_validate, found, _problems):
        if item.id in items:
            found.append(
                Incident("duplicate-id", f"{item.id} was used on line {lines[item.id]} already", shown, number)
            )
        items[item.id], lines[item.id] = item, number
    return items, found, lines


def _problems(error: ValidationError, path: str, line: int) -> Iterator[Incident]:
    for problem in error.errors(include_url=False):
        where = ".".join(map(str, problem["loc"]))
        yield Incident("bad-list-record", f"{where}: {problem['msg']}", path, line)


def encode_list(items: dict[str, Item]) -> str:
    """The canonical file: an item a line, sorted by id, empty values left out."""
    records = (items[id].model_dump(by_alias=True, exclude_defaults=True) for id in sorted(items))
    return "".join(dump(record) + "\n" for record in records)
