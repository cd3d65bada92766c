"""ACTOR: names of the entity list, common nouns with what extends them, and persons named behind an office."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from dataset_builder.baselines.gazetteers import country_names
from dataset_builder.baselines.rules.found import Found, Spans, made
from dataset_builder.baselines.rules.grammar import FUNCTION, is_relation
from dataset_builder.baselines.rules.morphology import noun
from dataset_builder.baselines.rules.names import Named, last_names, made_name, names_of, nationalities, stems_of
from dataset_builder.baselines.rules.phrases import Match, Phrases
from dataset_builder.baselines.rules.words import Words, letters_of
from dataset_builder.lists import Entity, Nominal
from dataset_builder.text.characters import CLOSING_QUOTES, OPENING_QUOTES

#: Most words of a person's name behind an office, and of what extends a common noun.
_NAME, _EXTENSION = 3, 4


class Actors:
    """Finds actors. `verbs` are folded words that end a name or an extension."""

    def __init__(self, entities: Mapping[str, Entity], nominals: Mapping[str, Nominal], verbs: Collection[str]) -> None:
        self._names = Phrases(names_of(entities.values()))
        self._last_names = last_names(entities.values(), verbs)
        self._countries = tuple(letters_of(name.split()[-1]) for name in country_names().values() if name)
        self._nominals = Phrases(_nominals(nominals.values()))
        self._verbs = verbs
        self._of_countries = nationalities()

    def words(self) -> frozenset[str]:
        """Every common noun, to tell nouns from names of places."""
        return frozenset(self._nominals.single())

    def find(self, words: Words) -> Spans:
        """All actors of a text, nested ones too."""
        names = self._named(words)
        covered = {word for f in names.all for word in range(f.first, f.last)}
        inner = Spans()
        for each in names.all:
            inner.add(each)
        found: list[Found] = []
        for at in reversed(range(len(words))):  # from the end, so that what a noun governs is known
            if at not in covered and (nominal := self._nominal(words, at, inner)):
                found.append(inner.add(nominal))
        spans = Spans()
        for each in sorted([*names.all, *found], key=lambda f: (f.start, -f.end)):
            if not any(_swallows(words, outer, each) for outer in spans.all[-6:]):
                spans.add(each)
        self._short_names(words, spans)
        return _with_labels(spans)

    def _named(self, words: Words) -> Spans:
        """Names of the list; of a country or capital only where it acts."""
        spans, at, place = Spans(), 0, -1
        while at < len(words):
            name = self._names.find(words, at)
            if name is None:
                at += 1
                continue
            beside = (place == name.first and "و" in name.before) or (place == name.first - 1 and words[place].is_mark)
            if self._is_actor(words, name, beside):
                spans.add(made_name(words, name))
            elif name.value.label == "STATE":
                place = name.last
            at = name.last
        return spans

    def nisba(self, words: Words, trigger: Found, violent: bool) -> Found | None:
        """The adjective of nationality right behind a trigger."""
        at = trigger.last
        if at >= len(words) or not self.is_nationality(words[at].letters):
            return None
        label = "STATE_FORCES" if violent else "STATE"
        return made(words, "ACTOR", label, words[at].start, at + 1, mention="nisba")

    def is_nationality(self, word: str) -> bool:
        bare = word.removeprefix("ال")
        return any(
            bare == n or bare in (f"{n}ة", f"{n}ا", f"{n}ين", f"{n}ون") for n in stems_of(bare, self._of_countries)
        )

    def _is_actor(self, words: Words, name: Match[Named], beside: bool) -> bool:
        """A country acts at a clause's beginning, behind a verb, or as who is spoken to; else it is a place."""
        single = name.last - name.first == 1
        before = words[name.first - 1] if name.first > words.limits[name.first][0] else None
        letters = before.letters if before else ""
        if single and name.value.label in ("MEDIA", "COMMUNITY") and words[name.first].letters.startswith("ال"):
            return name.value.label == "COMMUNITY" and not letters.startswith("ال")
        if name.value.label != "STATE" or not (single or self._is_country(words, name)):
            return True
        if name.before.endswith(("ب", "ك")) or beside or letters in ("/", "-"):
            return False
        if name.last < len(words) and words[name.last].letters == ":" and before is None:
            return False
        if before is None or before.is_mark or ("و" in name.before and not name.before.endswith("ل")):
            return True
        if name.before.endswith("ل"):
            return True
        return letters in _BEFORE_ACTORS or any(cut.letters in self._verbs for cut in before.cuts)

    def _is_country(self, words: Words, name: Match[Named]) -> bool:
        return " ".join(words.said(name.first, name.last)).endswith(self._countries)

    def _nominal(self, words: Words, at: int, spans: Spans) -> Found | None:
        """The common noun that begins in a word, with what extends it; behind an office the name that follows."""
        noun = self._nominals.find(words, at)
        if noun is None or noun.before.strip("وفبلك"):
            return None
        if noun.value.number == "outlet":
            return self._medium(words, noun, spans)
        last = self._extended(words, noun, spans)
        if not self._is_meant(words, noun, last):
            return None
        if noun.value.number == "office" and (named := self._person(words, last, spans)):
            return None if any(named.start == f.start for f in spans.between(last, named.last)) else named
        return self._made(words, noun, last, self._label(words, noun, last))

    def _is_meant(self, words: Words, noun: Match[Nominal], last: int) -> bool:
        """Whether the word is an actor: no class word of a name (تنظيم), no adjective (هجوم انتحاري), no Sunday."""
        kind, head, bare = noun.value, _head(words, noun), last == noun.last
        if kind.id == "ahad" and bare:
            return False
        if kind.number == "class":
            return head.startswith("ال") or not bare
        previous = words[noun.first - 1].letters if noun.first > words.limits[noun.first][0] else ""
        return not (kind.number == "one" and not noun.before and previous in self._verbs and is_relation(head))

    def _label(self, words: Words, noun: Match[Nominal], last: int) -> str:
        """The noun's label: one person is PERSON, sources by their role, aircraft by their owner."""
        kind = noun.value
        if kind.number == "source" and last > noun.last:
            return self._source(words, noun.last, last)
        if kind.number == "one" and not _is_counted(words, noun.first):
            return "PERSON"
        if kind.id in _AIRCRAFT and self._is_owned(words, noun, last):
            return "STATE_FORCES"
        return kind.label

    def _medium(self, words: Words, noun: Match[Nominal], spans: Spans) -> Found | None:
        """A medium by class word and name, or by the class word with the article alone (الصحيفة)."""
        last = self._outlet(words, noun.last, spans)
        if last > noun.last:
            return made(words, "ACTOR", "MEDIA", noun.start, last, "body", noun.first, mention="name")
        return self._made(words, noun, last, "MEDIA") if _head(words, noun).startswith("ال") else None

    @staticmethod
    def _made(words: Words, noun: Match[Nominal], last: int, label: str) -> Found:
        return made(words, "ACTOR", label, noun.start, last, noun.value.number, noun.first, mention="nominal")

    def _is_owned(self, words: Words, noun: Match[Nominal], last: int) -> bool:
        """Whether aircraft have a nationality or an owner."""
        owner = _head(words, noun).endswith(("ه", "ها", "هم"))
        return owner or any(self.is_nationality(word) for word in words.said(noun.last, last))

    def _extended(self, words: Words, noun: Match[Nominal], spans: Spans) -> int:
        """The end of a noun's phrase: its adjectives, and what it governs."""
        last, most = noun.last, min(words.limits[noun.first][1], noun.last + _EXTENSION)
        head = _head(words, noun)
        definite = head.startswith("ال")
        if last < most and words[last].letters == "باسم":
            return self._governed(words, last + 1, spans) or min(last + 2, most)
        if not definite and last < most and not _governs_nothing(head):
            inner = spans.beginning(last)
            if inner and inner.start == words[last].start and (noun.value.number != "class" or not inner.is_name):
                return inner.last
            if inner is None and self._is_governed(words[last].letters, noun.value):
                last, definite = last + 1, True
        while last < most and self._agrees(words[last].letters, definite, head):
            last += 1
        if last + 1 < most and words[last].letters == "غير":
            last += 2
        if noun.value.number == "office" and last < most:
            body = spans.beginning(last)
            if body and words.text[words[last].start] == "ل" and body.start == words[last].start + 1:
                return body.last
        return last

    def _governed(self, words: Words, at: int, spans: Spans) -> int:
        inner = spans.beginning(at) if at < len(words) else None
        return inner.last if inner else 0

    def _is_governed(self, word: str, kind: Nominal) -> bool:
        """Whether a noun can govern a word; a minister or ministry governs words of acts too (وزير النقل)."""
        known = word in FUNCTION or (word in self._verbs and kind.number != "office" and kind.id != "wizara")
        return word.startswith("ال") and len(word) > 3 and not known

    def _agrees(self, word: str, definite: bool, head: str) -> bool:
        if word in FUNCTION or word in self._verbs:
            return False
        if definite:
            bare = word[2:]
            return word.startswith("ال") and (is_relation(bare) or bare.startswith("م"))
        plural = head[-2:] in ("ون", "ين") and word.endswith(head[-2:])
        return (plural or is_relation(word)) and not word.startswith("ال")

    def _outlet(self, words: Words, at: int, spans: Spans) -> int:
        """The end of a medium's name behind its class word, quotation marks and all."""
        most = words.limits[at - 1][1]
        if at >= most:
            return at
        if words[at].letters in OPENING_QUOTES:
            closing = next((i for i in range(at + 1, min(most, at + 6)) if words[i].letters in CLOSING_QUOTES), 0)
            return closing + 1 if closing else at
        inner = spans.beginning(at)
        if inner and inner.label == "MEDIA":
            return inner.last
        last = at
        while last < min(most, at + 3) and (last == at or words[last].letters.startswith("ال")):
            word = words[last].letters
            if words[last].is_mark or word in FUNCTION or word in self._verbs or is_relation(word):
                break
            last += 1
        return last

    def _person(self, words: Words, at: int, spans: Spans) -> Found | None:
        """The name behind an office: a known one, or two or three words that are nothing else."""
        if at >= len(words) or (at in words.ends.values() and words[at].sentence != words[at - 1].sentence):
            return None
        known = spans.beginning(at)
        if known:
            return known if known.label == "PERSON" and known.is_name else None
        last = at
        while last < min(words.limits[at][1], at + _NAME) and self._is_name_part(words, last, last == at):
            last += 1
        if last - at < 2:
            return None
        return made(words, "ACTOR", "PERSON", words[at].start, last, mention="name")

    def _is_name_part(self, words: Words, at: int, first: bool) -> bool:
        word = words[at].letters
        if words[at].is_mark or word in FUNCTION or word in self._verbs or len(word) < 2 or word[0].isdigit():
            return False
        if first and (word.startswith(("ال", "لل", "بال")) or is_relation(word)):
            return False
        return not word.startswith(("بال", "وال", "لل")) and self._nominals.find(words, at) is None

    @staticmethod
    def _source(words: Words, first: int, last: int) -> str:
        """Sources by their stated role."""
        said = {letter for word in words.said(first, last) for letter in (word, word.removesuffix("ة"))}
        for label, stems in _SOURCES.items():
            if said & stems:
                return label
        return "UNIDENTIFIED"

    def _short_names(self, words: Words, spans: Spans) -> None:
        """A person's last name alone, once the whole name has stood before."""
        known: dict[str, str] = dict(self._last_names)
        starts = {f.first for f in spans.all}
        inside = {word for f in spans.all for word in range(f.first, f.last)}
        for at, word in enumerate(words):
            whole = spans.beginning(at) if at in starts else None
            if whole and whole.label == "PERSON" and whole.is_name and whole.last - at > 1:
                last = words[whole.last - 1].letters
                if len(last) > 3:
                    known[last] = whole.span.attributes.get("entity", "")
                continue
            if at in inside or not known:
                continue
            for cut in word.cuts:
                entity = known.get(cut.letters)
                if (
                    entity is not None
                    and cut.before in ("", "و", "ل")
                    and not self._is_adjective(words, at, cut.letters)
                ):
                    spans.add(
                        made(words, "ACTOR", "PERSON", cut.start, at + 1, first=at, mention="name", entity=entity)
                    )
                    break

    def _is_adjective(self, words: Words, at: int, letters: str) -> bool:
        return is_relation(letters.removeprefix("ال")) and at > 0 and words[at - 1].letters.startswith("ال")


#: Behind these a country is a party, not a place.
_BEFORE_ACTORS = frozenset({"ضد", "مع", "بين", "الذي", "التي", "ان", "قبل", "علي", "لكن", "فيما", "بينما", "ثم", "كما"})
#: Nouns for aircraft, whose owner may be unknown.
_AIRCRAFT = frozenset({"taira", "muqatilat", "mirwahiyya"})
_SOURCES = {
    "STATE_FORCES": {"عسكري", "امني"},
    "MEDIA": {"اعلامي", "صحفي", "صحافي"},
    "STATE": {"حكومي", "رسمي", "دبلوماسي", "سياسي", "مسوول", "قضايي"},
    "CIVIL_SOCIETY": {"اغاثي", "حقوقي"},
    "CIVILIANS": {"طبي", "اهلي"},
    "POLITICAL_BODY": {"معارض"},
    "COMMUNITY": {"قبلي", "عشايري"},
}


def _nominals(nominals: Iterable[Nominal]) -> Iterator[tuple[tuple[str, ...], Nominal]]:
    for nominal in nominals:
        for form in nominal.forms:
            first, *rest = form.split()
            tail = tuple(letters_of(word) for word in rest)
            forms = {letters_of(first)} if rest or form.startswith("ال") else noun(form)
            if nominal.number == "one":
                forms = {each for each in forms if not each.endswith(("ون", "ين", "ات"))}
            yield from ((((each, *tail)), nominal) for each in sorted(forms))


def _governs_nothing(head: str) -> bool:
    """Whether the form can govern nothing: a sound plural with its ن."""
    return len(head) > 4 and head.endswith(("ون", "ين", "ان"))


def _head(words: Words, noun: Match[Nominal]) -> str:
    return next((c.letters for c in words[noun.first].cuts if c.start == noun.start), "")


def _is_counted(words: Words, at: int) -> bool:
    """Whether a number stands before a noun, so that its singular means several."""
    before = words[at - 1].letters if at else ""
    return before[:1].isdigit() or before in _NUMBERS or (before.endswith(("ين", "ون")) and len(before) > 3)


_NUMBERS = frozenset(letters_of(word) for word in ["مئة", "مئتي", "ألف", "مائة", "مليون", "كم", "عشرة", "عشر", "كل"])


def _swallows(words: Words, outer: Found, inner: Found) -> bool:
    """Whether a noun inside another's phrase is a part of it and no actor of its own."""
    if not outer.span.covers(inner.span):
        return outer.span.overlaps(inner.span) and not inner.is_name
    if outer.span.start == inner.span.start:
        return True
    if inner.is_name:
        return outer.label == inner.label == "MEDIA"
    if outer.is_name or inner.number != "body":
        return True
    head = words[inner.first].letters
    return not head.startswith(("ال", "لل")) or head in _INSIDE


_INSIDE = frozenset({"الامن", "الخارجية", "الداخلية", "الدفاع"})


def _with_labels(spans: Spans) -> Spans:
    """المصدر is labelled as the source that stood before it."""
    kept, last = Spans(), ""
    for each in sorted(spans.all, key=lambda f: (f.start, -f.end)):
        if each.number == "source":
            if each.last - each.first == 1 and last and each.label == "UNIDENTIFIED":
                each = replace(each, span=replace(each.span, label=last))
            last = each.label
        kept.add(each)
    return kept
