"""`rules`: one made-up sentence for each construction that it knows, and for each mistake that it must not make."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from dataset_builder.baselines.rules import Rules
from dataset_builder.baselines.rules.morphology import noun, verb
from dataset_builder.baselines.rules.phrases import Phrases
from dataset_builder.baselines.rules.words import Words
from dataset_builder.baselines.table import baseline
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.lists import Cue, Nominal, PlaceWord, Trigger, packaged
from dataset_builder.model import Claim, Layer
from dataset_builder.schema import Schema
from dataset_builder.scoring.score import score
from dataset_builder.scoring.sides import Pair
from dataset_builder.scoring.tasks import TASKS
from dataset_builder.validation.collection import check_lists
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling
from tests.cli import HERE, khabar
from tests.samples import make_checkout

SCHEMA = Schema.load()
RULES = Rules(SCHEMA)
EVENTS = "EVENT"


def predicted(text: str) -> Layer:
    """The layer of a text, which must be valid whatever was found."""
    layer = RULES.predict("made-up", text)
    file = LayerFile(layer, "made-up", {}, "")
    assert not [i for i in (*check_dangling(file), *check_labels(file, SCHEMA, text)) if i.is_error]
    return layer


def words_of(layer: Layer, text: str, id: str | None) -> str:
    return "-" if id is None else text[layer.span(id).start : layer.span(id).end]


def claims(text: str) -> list[str]:
    """Each claim as source | cue | content."""
    layer = predicted(text)
    return [
        f"{words_of(layer, text, c.source)} | {words_of(layer, text, c.cue)} | "
        + " + ".join(words_of(layer, text, id) for id in c.content)
        for c in layer.claims
    ]


def the_claim(text: str) -> Claim:
    layer = predicted(text)
    assert len(layer.claims) == 1, claims(text)
    return layer.claims[0]


def events(text: str) -> list[str]:
    """Each event as code trigger ROLE=argument …, roles in the order of the alphabet."""
    layer = predicted(text)
    found = []
    for event in layer.of(EVENTS):
        roles = sorted(f"{r.label}={words_of(layer, text, r.tail)}" for r in layer.relations if r.head == event.id)
        found.append(" ".join([event.label, words_of(layer, text, event.id), *roles]))
    return found


def spans(text: str, layer: str) -> list[str]:
    return [f"{s.label} {text[s.start : s.end]}" for s in predicted(text).of(layer)]


CONSTRUCTIONS = {
    "verb, subject, إنّ": ("قال وزير النقل إن الجسر أغلق.", ["وزير النقل | قال | إن الجسر أغلق"]),
    "the subject before its verb": ("الجيش العراقي أكد أن الطريق آمن.", ["الجيش العراقي | أكد | أن الطريق آمن"]),
    "a title before the name": (
        "قال الرئيس التركي رجب طيب أردوغان إن الوفد سيعود.",
        ["رجب طيب أردوغان | قال | إن الوفد سيعود"],
    ),
    "an unnamed speaker with what identifies him": (
        "قالت موظفة في مستودع الدقيق إن المطحنة توقفت.",
        ["موظفة في مستودع الدقيق | قالت | إن المطحنة توقفت"],
    ),
    "بأن: the preposition stays outside": (
        "صرح المتحدث باسم البرلمان بأن الجلسة أجلت.",
        ["المتحدث باسم البرلمان | صرح | أن الجلسة أجلت"],
    ),
    "إلى أن": ("أشار وزير النقل إلى أن المرفأ مكتظ.", ["وزير النقل | أشار | أن المرفأ مكتظ"]),
    "straight quotation marks behind a colon": (
        'قال وزير النقل: "الجسر متين".',
        ['وزير النقل | قال | "الجسر متين"'],
    ),
    "angle quotation marks behind a colon": ("قال وزير النقل: «الجسر متين».", ["وزير النقل | قال | «الجسر متين»"]),
    "the cue behind the quotation": (
        '"الخبز نفد منذ يومين"، قال أحد السكان.',
        ['أحد السكان | قال | "الخبز نفد منذ يومين"'],
    ),
    "a quotation over two sentences": (
        'قال وزير النقل: "الجسر متين. والطريق مفتوح".',
        ['وزير النقل | قال | "الجسر متين + والطريق مفتوح"'],
    ),
    "the cue inside what is said": (
        "الورشة، قال وزير النقل، تنتهي في الربيع.",
        ["وزير النقل | قال | الورشة + تنتهي في الربيع"],
    ),
    "a headline's colon": (
        "رئيس البرلمان: لا جلسة قبل العيد\nنص قصير.",
        ["رئيس البرلمان | : | لا جلسة قبل العيد"],
    ),
    "a preposition, first": ("بحسب سكان، جف البئر.", ["سكان | بحسب | جف البئر"]),
    "a preposition, last": ("جف البئر منذ شهر، وفق ناشطين.", ["ناشطين | وفق | جف البئر منذ شهر"]),
    "وفقاً ل": ("وفقاً لناشطين، جف البئر.", ["ناشطين | وفقاً | جف البئر"]),
    "وفق ما with a verb is one cue": (
        "جف البئر منذ شهر، وفق ما أعلنته وزارة الري.",
        ["وزارة الري | وفق ما أعلنته | جف البئر منذ شهر"],
    ),
    "كما with a verb": ("كما قال مصدر أمني، جف البئر.", ["مصدر أمني | كما قال | جف البئر"]),
    "على حد قول": ("البئر جاف، على حد قول وزير الري.", ["وزير الري | على حد قول | البئر جاف"]),
    "a masdar behind the subject": ("نفى الجيش العراقي إغلاق الجسر.", ["الجيش العراقي | نفى | إغلاق الجسر"]),
    "what a preposition governs, the addressee outside": (
        "طالب ناشطون الحكومة بترميم الجسر.",
        ["ناشطون | طالب | ترميم الجسر"],
    ),
    "adjuncts between source and content": (
        "أعلن الجيش العراقي اليوم في بيان إغلاق الجسر.",
        ["الجيش العراقي | أعلن | إغلاق الجسر"],
    ),
    "an auxiliary is part of the cue": (
        "وكان قد أعلن الجيش العراقي أن الجسر مغلق.",
        ["الجيش العراقي | كان قد أعلن | أن الجسر مغلق"],
    ),
    "the content ends where a contrast begins": (
        "قال وزير النقل إن الجسر متين، فيما بقي المرفأ مغلقا.",
        ["وزير النقل | قال | إن الجسر متين"],
    ),
}


@pytest.mark.parametrize("name", sorted(CONSTRUCTIONS))
def test_construction(name: str) -> None:
    text, wanted = CONSTRUCTIONS[name]
    assert claims(text) == wanted


def test_participles_go_on_from_the_claim_before() -> None:
    text = "قال وزير النقل إن الجسر مغلق، مضيفاً أن الورشة طويلة، مشيراً إلى أن المرفأ يعمل."
    assert claims(text) == [
        "وزير النقل | قال | إن الجسر مغلق",
        "- | مضيفاً | أن الورشة طويلة",
        "- | مشيراً | أن المرفأ يعمل",
    ]
    first, second, third = predicted(text).claims
    assert (second.source_status, second.continues, third.continues) == ("implicit", first.id, second.id)


def test_a_dropped_subject_goes_on_over_sentences_and_inherits_the_medium() -> None:
    text = 'قال وزير النقل في بيان إن الجسر مغلق. وأضاف أن المرفأ يعمل.\nوتابع: "لا تغيير".'
    said, added, went_on = predicted(text).claims
    assert (added.source, added.source_status, added.continues) == (None, "implicit", said.id)
    assert (went_on.continues, went_on.form) == (added.id, "direct")
    assert {said.medium, added.medium, went_on.medium} == {"statement"}


def test_a_dropped_subject_without_a_claim_before_is_nobody() -> None:
    claim = the_claim("وأضاف أن المرفأ يعمل.")
    assert (claim.source_status, claim.continues) == ("none", None)


def test_a_relayed_claim_lies_in_the_one_that_relays_it() -> None:
    """نقلت A عن B قوله: the outer content begins behind عن and holds the inner claim."""
    text = "نقلت وكالة رويترز عن مسؤول محلي قوله إن البئر جف."
    assert claims(text) == [
        "وكالة رويترز | نقلت | مسؤول محلي قوله إن البئر جف",
        "مسؤول محلي | قوله | إن البئر جف",
    ]
    outer, inner = predicted(text).claims
    assert (inner.parent, inner.medium, inner.source_status) == (outer.id, "press", "anonymous")


def test_relayed_without_his_saying_both_have_the_same_content() -> None:
    text = "نقلت وكالة رويترز عن مصادر طبية أن البئر جف."
    assert claims(text) == ["وكالة رويترز | نقلت | أن البئر جف", "مصادر طبية | عن | أن البئر جف"]
    outer, inner = predicted(text).claims
    assert inner.parent == outer.id


def test_a_claim_in_a_claim() -> None:
    text = "قال وزير النقل إن ناشطين طالبوا بترميم الجسر."
    outer, inner = predicted(text).claims
    assert claims(text)[1] == "ناشطين | طالبوا | ترميم الجسر"
    assert (outer.parent, inner.parent, inner.act) == (None, outer.id, "demand")


def test_what_is_said_of_a_sentence_holds_the_claim_in_it() -> None:
    text = "قال وزير النقل إن الجسر مغلق، بحسب وكالة رويترز."
    inner, outer = predicted(text).claims
    assert claims(text)[1] == "وكالة رويترز | بحسب | قال وزير النقل إن الجسر مغلق"
    assert inner.parent == outer.id


NO_CLAIMS = {
    "وفق as planned": "تسير الورشة وفق الخطة المقررة.",
    "وفق as planned, first": "وفق الخطة، تنتهي الورشة في الربيع.",
    "a passive without marks": "أعلنت حالة الطوارئ في المدينة.",
    "the same behind another claim's sentence": "وأعلنت حالة الطوارئ في المدينة.",
    "a negated cue says nothing": "لم يؤكد الجيش العراقي إغلاق الجسر.",
    "the same with إنّ": "لم يعلن الجيش العراقي أن الجسر مغلق.",
    "بين is between": "بين القريتين طريق طويل، وأن تعبره مشيا صعب.",
    "تابع is belonging": "وصل ضابط تابع للحرس، وأن يصل وحده غريب.",
    "the outlet's own voice": "يشار إلى أن الجسر قديم.",
    "a dateline": "سوريا: أمطار غزيرة\nنص.",
    "a colon that no one speaks before": "ما بعد الورشة: أسئلة كثيرة\nنص.",
    "deployment is no publication": "نشرت الشرطة دوريات عند الجسر.",
}


@pytest.mark.parametrize("name", sorted(NO_CLAIMS))
def test_no_claim(name: str) -> None:
    assert claims(NO_CLAIMS[name]) == []


def test_the_passive_is_no_claim_even_where_somebody_spoke_before() -> None:
    assert len(claims("قال وزير النقل إن الجسر مغلق. وأعلنت حالة الطوارئ في المدينة.")) == 1


def test_who_does_not_rule_out_says_something() -> None:
    text = "لم يستبعد وزير النقل إغلاق الجسر."
    assert claims(text) == ["وزير النقل | لم يستبعد | إغلاق الجسر"]
    assert the_claim(text).act == "believe"


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("قال وزير النقل إن الجسر مغلق.", "form", "indirect"),
        ('قال وزير النقل إن الجسر "في حال سيئة" منذ عام.', "form", "mixed"),
        ('قال وزير النقل إن "الجسر في حال سيئة".', "form", "direct"),
        ("أدان الجيش العراقي نهب المستودع.", "act", "condemn"),
        ("اتهم ناشطون الشرطة بنهب المستودع.", "act", "accuse"),
        ("أعلن تنظيم الدولة مسؤوليته عن تفجير المستودع.", "act", "claim_responsibility"),
        ("قال سكان إن البئر جف.", "source_status", "collective"),
        ("قال مصدر أمني إن البئر جف.", "source_status", "anonymous"),
        ("قال وزير الري إن البئر جف.", "source_status", "named"),
        ("قال وزير الري لوكالة رويترز إن البئر جف.", "medium", "press"),
        ("قال وزير الري على فيسبوك إن البئر جف.", "medium", "social"),
        ("قالت قناة الجزيرة إن البئر جف.", "medium", "broadcast"),
    ],
)
def test_attribute(text: str, attribute: str, value: str) -> None:
    assert getattr(the_claim(text), attribute) == value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("قصفت طائرات روسية مدينة إدلب.", "AIR قصفت AGENT=طائرات روسية PLACE=مدينة إدلب"),
        ("قصفت المدفعية بلدة سراقب.", "SHELLING قصفت AGENT=المدفعية PLACE=بلدة سراقب"),
        ("سيطر الجيش السوري على مدينة تدمر.", "GOV_TAKES سيطر AGENT=الجيش السوري PLACE=مدينة تدمر"),
        ("سيطرت الفصائل على مدينة تدمر.", "NONSTATE_TAKES سيطرت AGENT=الفصائل PLACE=مدينة تدمر"),
        ("اعتقلت الشرطة خمسة طلاب.", "ARREST اعتقلت AGENT=الشرطة TARGET=طلاب"),
        ("نزحت عائلات من مدينة حلب.", "DISPLACEMENT نزحت PLACE=مدينة حلب TARGET=عائلات"),
        ("شهدت المدينة مظاهرات ضد الغلاء.", "PEACEFUL مظاهرات"),
        ("اتهم ناشطون الشرطة بالتقصير.", "ACCUSE اتهم AGENT=ناشطون TARGET=الشرطة"),
        ("وقف إطلاق النار صامد.", "AGREEMENT وقف إطلاق النار"),
        ("قُتل خمسة مدنيين على طريق المطار.", "ATTACK قُتل PLACE=طريق المطار TARGET=مدنيين"),
    ],
)
def test_event(text: str, wanted: str) -> None:
    assert events(text) == [wanted]


def test_words_of_death_are_no_event_beside_a_violent_trigger() -> None:
    assert [e.split()[0] for e in events("أدى القصف إلى مقتل خمسة مدنيين.")] == ["SHELLING"]
    assert [e.split()[0] for e in events("أعلن مقتل خمسة مدنيين.")] == ["ATTACK"]


@pytest.mark.parametrize(
    "text", ["وصل الوفد فجر اليوم.", "مناطق سيطرة الفصائل واسعة.", "هناك طريق آخر.", "عدة طرق مغلقة."]
)
def test_no_event(text: str) -> None:
    assert events(text) == []


def test_actors() -> None:
    text = 'قالت وكالة "النهر" إن جنود الفرقة انسحبوا، وإن مسلحين مجهولين هاجموا قوات الأمن.'
    assert spans(text, "ACTOR") == [
        'MEDIA وكالة "النهر"',
        "STATE_FORCES جنود الفرقة",
        "ARMED_GROUP مسلحين مجهولين",
        "STATE_FORCES قوات الأمن",
    ]


def test_one_person_is_a_person_and_a_counted_one_is_not() -> None:
    assert spans("أصيب طفل.", "ACTOR") == ["PERSON طفل"]
    assert spans("أصيب 15 طفلاً.", "ACTOR") == ["CIVILIANS طفلاً"]


def test_the_class_word_of_a_group_stays_outside_and_a_medium_s_inside() -> None:
    assert spans("انسحب تنظيم داعش.", "ACTOR") == ["ARMED_GROUP داعش"]
    assert spans("توقفت وكالة رويترز عن البث.", "ACTOR") == ["MEDIA وكالة رويترز"]


def test_a_country_acts_or_is_a_place() -> None:
    text = "رفضت تركيا الطلب، وعاد الزائر من تركيا."
    assert (spans(text, "ACTOR"), spans(text, "LOCATION")) == (["STATE تركيا"], ["COUNTRY تركيا"])


def test_places() -> None:
    text = "في مدينة حلب وبلدة أم السنابل، وقرب معبر باب السلامة في ريف حلب الشمالي، لا مدينة كبيرة."
    assert spans(text, "LOCATION") == [
        "POPULATED_PLACE مدينة حلب",
        "POPULATED_PLACE بلدة أم السنابل",
        "FACILITY معبر باب السلامة",
        "REGION ريف حلب الشمالي",
    ]
    linked = [s.attributes.get("geonames") for s in predicted(text).of("LOCATION")]
    assert linked[0] == linked[3] == "170063" and linked[1:3] == [None, None]  # GeoNames' Aleppo


def test_loaded_terms_are_about_whom_they_stand_with_and_never_in_a_name() -> None:
    text = "دخلت الميليشيا البلدة، وانسحب المرتزقة."
    layer = predicted(text)
    about = {
        text[s.start : s.end]: [text[t.start : t.end] for t in layer.tails(s.id, "ABOUT")] for s in layer.of("FRAME")
    }
    assert about == {"الميليشيا": ["الميليشيا"], "المرتزقة": ["المرتزقة"]}
    assert spans("ينشط الحرس الثوري الإيراني هناك.", "FRAME") == []


def test_marks_hamza_and_tatweel_do_not_matter() -> None:
    plain, marked = "قال وزير النقل إن الجسر مغلق.", "قَالَ وزيــر النقل انّ الجسر مغلق."
    assert len(claims(plain)) == len(claims(marked)) == 1
    assert claims(marked) == ["وزيــر النقل | قَالَ | انّ الجسر مغلق"]


@pytest.mark.parametrize(
    "text", ["", " \n", ".", '"', "«««", "قال", "بحسب", "نقلت عن", "قال: ", "a b 3.5", "و", ":\n:", '"قال" "']
)
def test_scraps_are_valid(text: str) -> None:
    assert predicted(text).layers == RULES.layers


def test_inflection() -> None:
    assert {"قصفت", "قصفوا", "قصفوه", "قصفتها"} <= verb("قصف") and "قصفة" not in verb("قصف")
    assert {"نفت", "نفوا"} <= verb("نفى") and {"يدعون", "تدعو"} <= verb("يدعو")
    assert {"الغارات", "غارة", "غارتين", "غارتهم"} <= noun("غارة") and "غاره" not in noun("غارة")


def test_longest_phrase_and_fewest_proclitics_win() -> None:
    known = Phrases([(("باب",), "door"), (("باب", "الهوي"), "crossing"), (("اب",), "father")])
    found = [known.find(Words.of(text), 0) for text in ("باب الهوى", "وباب", "لأب")]
    assert [m.value if m else None for m in found] == ["crossing", "door", "father"]


def test_the_lists_cover_the_codes_and_are_the_schema_s() -> None:
    triggers = packaged("lexicon/triggers.jsonl", Trigger).values()
    codes = {t.code for t in triggers} | {v.code for t in triggers for v in t.variants}
    # MOB is an attack by a crowd: no word says it.
    assert set(SCHEMA.layers["EVENT"].names) - codes == {"MOB"}
    assert {n.label for n in packaged("lexicon/nominals.jsonl", Nominal).values()} <= set(SCHEMA.layers["ACTOR"].names)
    assert all(p.forms for p in packaged("lexicon/places.jsonl", PlaceWord).values())
    cues = packaged("lexicon/cues.jsonl", Cue)
    assert cues["qala"].complements == ("that", "quote") and cues["wafq"].complements == ("source",)


def test_a_wrong_label_in_a_list_is_named(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    path = corpus.root / "annotations" / "lexicon" / "triggers.jsonl"
    path.parent.mkdir(exist_ok=True)
    path.write_text('{"id":"x","pos":"noun","code":"SHELING","gloss":"x","lemma":"قصف","forms":["قصف"]}\n', "utf8")
    found = [i for i in check_lists(Corpus(corpus.root)) if i.code == "unknown-label"]
    assert [str(i.fact) for i in found] == ["x has label SHELING"]


def test_it_runs_without_a_folder(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    text = tmp_path / "new.txt"
    text.write_text("قصف الجيش البلدة، بحسب سكان.", "utf8")
    done = khabar(corpus, "predict", text, "--system", "rules", "-o", tmp_path / "out")
    assert done.code == 0 and '"cue"' in (tmp_path / "out" / "new.jsonl").read_text("utf8"), done.err
    assert khabar(corpus, "predict", "--system", "rules", "-o", "work/rules").code == 0
    assert khabar(corpus, "score", "work/rules").code == 0
    assert "name what is to predict" in khabar(corpus, "predict", "-o", "work/rules").err
    assert "must learn first" in khabar(corpus, "predict", "--system", "memory", "-o", "work/rules").err
    assert "learns nothing" in khabar(corpus, "train", "--system", "rules", "--model", "work/rules").err


def test_its_rows_are_without_training(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    assert "the row is rules/none-composed" in khabar(corpus, "reproduce", "rules/composed-composed", "--write").err
    assert "the row is memory/composed-composed" in khabar(corpus, "reproduce", "memory/none-composed", "--write").err
    assert khabar(corpus, "reproduce", "rules/none-composed", "--write").code == 0
    again = khabar(corpus, "reproduce")
    assert again.code == 0 and "as stored" in again.out and "NOT" not in again.out
    assert "| rules | nothing |" in khabar(corpus, "leaderboard").out


def test_on_validation_articles_it_beats_the_floor_and_is_fast() -> None:
    """Claims F1 of `memory` on composed articles is .168; precision of cues is what rules are for."""
    ids = (HERE / "splits" / "composed" / "validation.txt").read_text("utf8").split()
    corpus, system, pairs = Corpus(HERE), baseline("rules").make(SCHEMA), []
    begun = time.perf_counter()
    for reading in (readable(corpus, id) for id in ids):
        layer = system.predict(reading.document.id, reading.text or "")
        assert layer == system.predict(reading.document.id, reading.text or "")
        pairs.append(Pair(reading.layer, layer, reading.text, reading.document.event))
    assert time.perf_counter() - begun < 20
    found = score(pairs, TASKS["claims"], SCHEMA)
    assert found.main.f1 > 0.5, found.main
    right = guessed = 0
    for pair in pairs:
        gold = {(s.start, s.end) for s in pair.gold.of("CLAIM") if s.label == "CUE"}
        cues = {(s.start, s.end) for s in pair.predicted.of("CLAIM") if s.label == "CUE"}
        right, guessed = right + len(gold & cues), guessed + len(cues)
    assert right / guessed > 0.85, right / guessed


def test_time_grows_with_the_text() -> None:
    """Ten times the text takes about ten times as long, not a hundred times."""
    text = "قال وزير النقل إن الجسر مغلق، مضيفاً أن المرفأ يعمل. قصفت طائرات روسية مدينة إدلب، بحسب سكان.\n"

    def seconds(times: int) -> float:
        begun = time.process_time()
        RULES.predict("long", text * times)
        return time.process_time() - begun

    seconds(5)
    assert seconds(300) < 40 * seconds(30)
