"""A small checkout for tests: two events told twice in the repository, and a text that belongs to somebody else.

The texts were composed for this file. `make_checkout(tmp_path)` writes all of it and returns its Corpus.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path

from dataset_builder.anchoring import folded_sha256, make_windows, without_words
from dataset_builder.codec import encode_manifest
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.files import write_atomic
from dataset_builder.lists import Cluster, ClusterDocument, Dated, Entity, Fact, Outlet, Reference, encode_list
from dataset_builder.model import Claim, Document, Layer, Relation, Span

SCHEMA = Path(__file__).resolve().parent.parent / "annotations" / "schema.toml"
LAYERS = ("ACTOR", "LOCATION", "EVENT", "CLAIM", "FRAME")

COUNCIL = (
    "مجلس الناحية يدين قصف السوق\n"
    "قال مجلس الناحية إن طائرات قصفت سوق البلدة صباح الأحد وقتلت 3 مدنيين. "
    "وأضاف أن «الميليشيا المجرمة» تقف خلف الهجوم.\n"
    "ونفت قوات الإقليم ذلك."
)
WIRE = (
    "قتلى في سوق البلدة\nنقلت وكالة الوادي عن مسؤول محلي قوله إن القصف أوقع 3 قتلى. وفي البلدة استشهد رابع، بحسب سكان."
)
BRIDGE = (
    "قوات الإقليم تدخل جسر النهر\n"
    "دخلت قوات الإقليم جسر النهر بعد انسحاب المسلحين منه. وطالب أهالي الضفة بفتح الطريق: «لا دواء عندنا»."
)
ROAD = "اتهام بقطع الطريق\nاتهم ناشطون مسلحين مجهولين بقطع طريق الجسر 😀 وتحييد حارس."

#: Stands for an article that the project may not publish; no word of it may reach a release.
FOREIGN = (
    "صحيفة: الوسيط يزور المخيم البعيد غداً\n"
    "أعلن مكتب الوسيط الأممي أن زيارة مخيم الزيتون تبدأ صباح الثلاثاء بعد تأجيل طويل. "
    "وقال ساكنون إن عصابات الحاجز منعت قافلة طحين من العبور، ثم أطلقت سراح سائقين اثنين ليلاً."
)


class Marker:
    """Builds a layer by quoting: `span("ACTOR", "STATE", "دمشق")` marks the quote's first occurrence."""

    def __init__(self, document: str, text: str, schema: str = "1.0") -> None:
        self.document, self.text, self.schema = document, text, schema
        self.spans: list[Span] = []
        self.relations: list[Relation] = []
        self.claims: list[Claim] = []

    def _id(self, prefix: str, number: int) -> str:
        return prefix + hashlib.sha256(f"{self.document} {prefix} {number}".encode()).hexdigest()[:8]

    def span(self, layer: str, label: str, quote: str, nth: int = 1, **attributes: str) -> str:
        """Mark the nth occurrence of `quote` (code points, from 1) and return the span's id."""
        start = -1
        for _ in range(nth):
            start = self.text.index(quote, start + 1)
        id = self._id("s", len(self.spans))
        if layer == "ACTOR":
            attributes = {"mention": "nominal"} | attributes
        if layer == "EVENT":
            attributes = {"status": "occurred"} | attributes
        self.spans.append(Span(id, layer, label, start, start + len(quote), attributes, quote))
        return id

    def relate(self, label: str, head: str, *tails: str) -> None:
        for tail in tails:
            self.relations.append(Relation(self._id("r", len(self.relations)), label, head, tail))

    def claim(
        self,
        source: str | None,
        cue: tuple[str, int] | None,
        content: tuple[str, int],
        manner: str,
        parent: str | None = None,
        continues: str | None = None,
    ) -> str:
        """`manner` is "form act source_status medium" as in a sheet; cue and content are (quote, nth)."""
        form, act, status, medium = (*manner.split(), "unknown")[:4]
        cue_id = self.span("CLAIM", "CUE", *cue) if cue else None
        content_id = self.span("CLAIM", "CONTENT", *content)
        id = self._id("c", len(self.claims))
        self.claims.append(Claim(id, source, cue_id, (content_id,), form, act, status, medium, parent, continues))
        return id

    def layer(self) -> Layer:
        return Layer(
            self.document,
            self.schema,
            len(self.text),
            sha256(self.text),
            LAYERS,
            tuple(self.spans),
            tuple(self.relations),
            tuple(self.claims),
        )


def council() -> Layer:
    """Claims in the headline and body, one implicit, loaded words inside quotation marks, three events."""
    m = Marker("composed-9001-a", COUNCIL)
    head = m.span("ACTOR", "POLITICAL_BODY", "مجلس الناحية", mention="name", entity="district-council")
    body = m.span("ACTOR", "POLITICAL_BODY", "مجلس الناحية", 2, mention="name", entity="district-council")
    militia = m.span("ACTOR", "ARMED_GROUP", "الميليشيا المجرمة")
    forces = m.span("ACTOR", "STATE_FORCES", "قوات الإقليم", mention="name", entity="province-forces")
    civilians = m.span("ACTOR", "CIVILIANS", "مدنيين")
    market = m.span("LOCATION", "FACILITY", "السوق")
    place = m.span("LOCATION", "FACILITY", "سوق البلدة")
    condemns = m.span("EVENT", "CONDEMN", "يدين")
    m.relate("AGENT", condemns, head)
    first = m.span("EVENT", "AIR", "قصف", incident="market-strike")
    m.relate("PLACE", first, market)
    strike = m.span("EVENT", "AIR", "قصفت", killed="3", incident="market-strike", date="2020-03-01")
    m.relate("AGENT", strike, militia)
    m.relate("TARGET", strike, civilians)
    m.relate("PLACE", strike, place)
    denies = m.span("EVENT", "DENY", "نفت")
    m.relate("AGENT", denies, forces)
    m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", "الميليشيا"), militia)
    m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", "المجرمة"), militia)
    m.claim(head, ("يدين", 1), ("قصف السوق", 1), "indirect condemn named")
    said = m.claim(
        body, ("قال", 1), ("إن طائرات قصفت سوق البلدة صباح الأحد وقتلت 3 مدنيين", 1), "indirect say named statement"
    )
    m.claim(
        None,
        ("أضاف", 1),
        ("أن «الميليشيا المجرمة» تقف خلف الهجوم", 1),
        "mixed accuse implicit statement",
        continues=said,
    )
    m.claim(forces, ("نفت", 1), ("ذلك", 1), "indirect deny named")
    return m.layer()


def wire() -> Layer:
    """A nested claim, a source that is wider than its actor, a loaded word in the outlet's own voice."""
    m = Marker("composed-9001-b", WIRE)
    agency = m.span("ACTOR", "MEDIA", "وكالة الوادي", mention="name", entity="valley-agency")
    official = m.span("ACTOR", "PERSON", "مسؤول محلي")
    people = m.span("ACTOR", "CIVILIANS", "سكان")
    place = m.span("LOCATION", "FACILITY", "سوق البلدة")
    m.span("LOCATION", "POPULATED_PLACE", "البلدة", 2)
    deaths = m.span("EVENT", "ATTACK", "قتلى", incident="market-strike")
    m.relate("PLACE", deaths, place)
    m.span("EVENT", "SHELLING", "القصف", killed="3", incident="market-strike")
    martyr = m.span("FRAME", "VICTIM", "استشهد")
    died = m.span("EVENT", "ATTACK", "استشهد", killed="1")
    m.relate("ABOUT", martyr, died)
    outer = m.claim(agency, ("نقلت", 1), ("عن مسؤول محلي قوله إن القصف أوقع 3 قتلى", 1), "indirect report named press")
    m.claim(official, ("قوله", 1), ("إن القصف أوقع 3 قتلى", 1), "indirect say anonymous press", parent=outer)
    m.claim(people, ("بحسب", 1), ("استشهد رابع", 1), "indirect say collective")
    return m.layer()


def bridge() -> Layer:
    """Two triggers of one happening, a direct quotation whose cue is a colon, nested places."""
    m = Marker("composed-9002-a", BRIDGE)
    head = m.span("ACTOR", "STATE_FORCES", "قوات الإقليم", mention="name", entity="province-forces")
    body = m.span("ACTOR", "STATE_FORCES", "قوات الإقليم", 2, mention="name", entity="province-forces")
    fighters = m.span("ACTOR", "ARMED_GROUP", "المسلحين")
    people = m.span("ACTOR", "CIVILIANS", "أهالي الضفة")
    m.span("LOCATION", "REGION", "الضفة")
    places = [m.span("LOCATION", "FACILITY", "جسر النهر", n) for n in (1, 2)]
    for trigger, actor, place in (("تدخل", head, places[0]), ("دخلت", body, places[1])):
        event = m.span("EVENT", "TRANSFER", trigger, incident="bridge-entry")
        m.relate("AGENT", event, actor)
        m.relate("PLACE", event, place)
    leaving = m.span("EVENT", "TRANSFER", "انسحاب", incident="bridge-entry")
    m.relate("AGENT", leaving, fighters)
    demand = m.span("EVENT", "DEMAND", "طالب")
    m.relate("AGENT", demand, people)
    asked = m.claim(people, ("طالب", 1), ("فتح الطريق", 1), "indirect demand collective")
    m.claim(None, (":", 1), ("«لا دواء عندنا»", 1), "direct say implicit", continues=asked)
    return m.layer()


def road() -> Layer:
    """A character beyond the basic plane, a euphemism, an accusation."""
    m = Marker("composed-9002-b", ROAD)
    activists = m.span("ACTOR", "CIVIL_SOCIETY", "ناشطون")
    gunmen = m.span("ACTOR", "UNIDENTIFIED", "مسلحين مجهولين")
    m.span("LOCATION", "FACILITY", "طريق الجسر")
    accuse = m.span("EVENT", "ACCUSE", "اتهم")
    m.relate("AGENT", accuse, activists)
    m.relate("TARGET", accuse, gunmen)
    cut = m.span("EVENT", "RESTRICT", "قطع", 2)
    m.relate("AGENT", cut, gunmen)
    killing = m.span("EVENT", "ATTACK", "تحييد", killed="1")
    m.relate("AGENT", killing, gunmen)
    m.relate("ABOUT", m.span("FRAME", "EUPHEMISM", "تحييد"), killing)
    m.claim(activists, ("اتهم", 1), ("قطع طريق الجسر 😀 وتحييد حارس", 1), "indirect accuse anonymous")
    return m.layer()


def foreign() -> Layer:
    """The layer of the text that is not ours, with its words; `make_checkout` stores it without them."""
    m = Marker("paper-0001", FOREIGN)
    paper = m.span("ACTOR", "MEDIA", "صحيفة")
    office = m.span("ACTOR", "INTERGOVERNMENTAL", "مكتب الوسيط الأممي", mention="name")
    people = m.span("ACTOR", "CIVILIANS", "ساكنون")
    gangs = m.span("ACTOR", "ARMED_GROUP", "عصابات الحاجز")
    drivers = m.span("ACTOR", "CIVILIANS", "سائقين")
    m.span("LOCATION", "CAMP", "مخيم الزيتون")
    m.relate("ABOUT", m.span("FRAME", "DELEGITIMISING", "عصابات"), gangs)
    blocks = m.span("EVENT", "RESTRICT", "منعت")
    m.relate("AGENT", blocks, gangs)
    release = m.span("EVENT", "RELEASE", "أطلقت سراح")
    m.relate("TARGET", release, drivers)
    m.claim(paper, (":", 1), ("الوسيط يزور المخيم البعيد غداً", 1), "indirect say named press")
    m.claim(office, ("أعلن", 1), ("أن زيارة مخيم الزيتون تبدأ صباح الثلاثاء بعد تأجيل طويل", 1), "indirect say named")
    m.claim(people, ("قال", 1), ("إن عصابات الحاجز منعت قافلة طحين من العبور", 1), "indirect say collective")
    return m.layer()


TEXTS = {
    "composed-9001-a": COUNCIL,
    "composed-9001-b": WIRE,
    "composed-9002-a": BRIDGE,
    "composed-9002-b": ROAD,
    "paper-0001": FOREIGN,
}
SPLITS = {
    "composed": {"train": ["composed-9001-a", "composed-9001-b"], "test": ["composed-9002-a", "composed-9002-b"]},
    "referenced": {"train": ["paper-0001"]},
}


def documents() -> list[Document]:
    """The manifest records of all five documents."""
    styles = {"a": "style-council", "b": "style-wire"}
    included = [
        Document(
            id=id,
            source="composed",
            availability="included",
            licence="cc-by-4.0",
            sha256=sha256(text),
            length=len(text),
            words=len(text.split()),
            reader="plain/1",
            encoding="utf-8",
            outlet=styles[id[-1]],
            published="2020-03-01",
            cluster=f"{id[9:13]}-sample",
            title=text.split("\n")[0],
        )
        for id, text in TEXTS.items()
        if id.startswith("composed")
    ]
    referenced = Document(
        id="paper-0001",
        source="paper",
        availability="referenced",
        licence="all-rights-reserved",
        sha256=sha256(FOREIGN),
        length=len(FOREIGN),
        words=len(FOREIGN.split()),
        reader="plain/1",
        encoding="utf-8",
        locator="0001",
        url="https://paper.example/1",
        outlet="paper",
        published="2021-05-04",
        folded_sha256=folded_sha256(FOREIGN),
        windows=make_windows("paper-0001", FOREIGN),
    )
    return [*included, referenced]


def make_checkout(root: Path, *, hydrated: bool = False) -> Corpus:
    """Write the whole checkout below `root`; `hydrated` also puts the referenced text in its git-ignored place."""
    annotations = root / "annotations"
    annotations.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SCHEMA, annotations / "schema.toml")
    shutil.copyfile(SCHEMA.with_name("audit.toml"), annotations / "audit.toml")
    write_atomic(annotations / "release.toml", 'version = "0.1.0"\n')
    for source in ("composed", "paper"):
        records = [document for document in documents() if document.source == source]
        write_atomic(annotations / "documents" / f"{source}.jsonl", encode_manifest(records))
    _write_lists(annotations)
    write_splits(root, SPLITS)
    corpus = Corpus(root)
    for layer in (council(), wire(), bridge(), road()):
        write_atomic(corpus.text_path(corpus.document(layer.document)), TEXTS[layer.document])
        corpus.write_layer(layer)
    paper = corpus.document("paper-0001")
    corpus.write_layer(without_words(foreign(), FOREIGN, paper))
    if hydrated:
        write_atomic(corpus.text_path(paper), FOREIGN)
    return corpus


def write_splits(root: Path, splits: dict[str, dict[str, list[str]]]) -> None:
    """Write lists and their pins in place of those that are there; a track's sources are those of its documents."""
    shutil.rmtree(root / "splits", ignore_errors=True)
    lines = []
    for track, lists in splits.items():
        sources = sorted({id.split("-")[0] for ids in lists.values() for id in ids})
        lines.append(f"[tracks.{track}]\nsources = [{', '.join(repr(s) for s in sources)}]\n")
        for split, ids in lists.items():
            content = "".join(f"{id}\n" for id in sorted(ids))
            write_atomic(root / "splits" / track / f"{split}.txt", content)
            digest = hashlib.sha256(content.encode()).hexdigest()
            lines.append(f'[tracks.{track}.splits.{split}]\ndocuments = {len(ids)}\nsha256 = "{digest}"\n')
    write_atomic(root / "splits" / "splits.toml", "\n".join(lines).replace("'", '"'))


def edit_layer(corpus: Corpus, layer: Layer, **changes: object) -> Layer:
    """Write a changed gold layer, as somebody who goes on annotating would."""
    changed = replace(layer, **changes)  # type: ignore[arg-type]
    corpus.write_layer(changed)
    return changed


def _write_lists(annotations: Path) -> None:
    entities = [
        Entity(
            id="district-council",
            name_ar="مجلس الناحية",
            name_en="District Council",
            types=(Dated(value="POLITICAL_BODY"),),
            sides=(Dated(value="opposition"),),
        ),
        Entity(
            id="province-forces",
            name_ar="قوات الإقليم",
            name_en="Province Forces",
            types=(Dated(value="STATE_FORCES"),),
        ),
        Entity(id="valley-agency", name_ar="وكالة الوادي", name_en="Valley Agency", types=(Dated(value="MEDIA"),)),
    ]
    outlets = [
        Outlet(id="style-council", name="Style: council", stance="opposition", designed=True),
        Outlet(id="style-wire", name="Style: wire", stance="agency", designed=True),
        Outlet(id="paper", name="The Paper", stance="government", reference="https://paper.example/about"),
    ]
    clusters = [_cluster("9001-sample", "Market"), _cluster("9002-sample", "Bridge")]
    write_atomic(annotations / "entities.jsonl", encode_list({e.id: e for e in entities}))
    write_atomic(annotations / "outlets.jsonl", encode_list({o.id: o for o in outlets}))
    write_atomic(annotations / "clusters.jsonl", encode_list({c.id: c for c in clusters}))


def _cluster(id: str, title: str) -> Cluster:
    return Cluster(
        id=id,
        title=title,
        title_ar="حدث",
        date="2020-03-01",
        place="Town",
        governorate="Province",
        event_groups=("REMOTE",),
        facts=(Fact(fact="It happened.", references=("r1",)),),
        references=(
            Reference(id="r1", title="Page", publisher="Press", url="https://press.example/1", opened="2026-01-01"),
        ),
        documents=tuple(ClusterDocument(id=f"composed-{id[:4]}-{x}", note="one side of it") for x in "ab"),
    )
