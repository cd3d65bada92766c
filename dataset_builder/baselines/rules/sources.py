"""Who speaks: the source between cue and content or before the cue, how it is given, and through what medium."""

from __future__ import annotations

from collections.abc import Sequence

from dataset_builder.baselines.rules.found import Found, Spans, made
from dataset_builder.baselines.rules.grammar import FUNCTION, PREPOSITIONS, RELATIVE, TIME
from dataset_builder.baselines.rules.words import Words, letters_of

#: Most words from a cue to the name of its source.
_FAR = 9
#: Most words of a title before a name where nothing shows the end of the source.
_TITLE = 5
#: Documents and shows that are a source where nobody stands behind them, by the medium that they give.
ARTEFACTS = {
    "statement": ("بيان", "بلاغ", "تصريح", "كلمة", "خطاب", "رسالة"),
    "report": ("تقرير", "دراسة", "احصاء", "احصاءات", "إحصائية", "حصيلة", "وثيقة", "وثائق", "تحقيق"),
    "footage": ("مشاهد", "صور", "فيديو", "مقطع", "مقاطع", "تسجيل", "صورة"),
    "social": (
        "تغريدة",
        "منشور",
        "تويتر",
        "فيسبوك",
        "تدوينة",
        "فايسبوك",
        "تليغرام",
        "حسابه",
        "صفحته",
        "صفحتها",
        "حسابها",
    ),
    "press": ("مؤتمر", "صحيفة", "وكالة", "جريدة", "مجلة", "رويترز", "صحف", "صحفي", "صحفية", "صحافيين", "صحفيين"),
    "broadcast": ("قناة", "تلفزيون", "إذاعة", "راديو", "تلفزيونية", "قنوات", "التلفزيون"),
}
_PARTING = frozenset({"عن", "خلال", "بعد", "قبل", "عقب", "عبر", "اثناء", "ل", "بان", "الي", "علي"})
_TELLING = frozenset(
    letters_of(word)
    for word in (
        "تقارير",
        "بيانات",
        "ارقام",
        "تقديرات",
        "شهادات",
        "مصدر",
        "مصادر",
        "معلومات",
        "البيانات",
        "القرار",
        "الاتفاق",
        "البيان",
        "التقرير",
        "بيان",
        "تقرير",
        "رواية",
        "روايات",
        "حصيلة",
    )
)
_KINDS = {letters_of(word): medium for medium, words in ARTEFACTS.items() for word in words}


def behind(words: Words, first: int, last: int, actors: Spans, wide: bool = False) -> Found | None:
    """The source that stands between two words: the name where there is one, else the actor with what identifies it.

    `wide` says that nothing but the source and adjuncts can stand there, so that an unnamed speaker goes on to them.
    """
    first = _without_preposition(words, first, last)
    if first + 1 < last and first in words.quotations and actors.beginning(first + 1):
        first += 1
    if first >= last or (words[first].is_mark and words[first].letters not in '"«“'):
        return None
    stop = _stop(words, first, last, actors)
    begins = actors.beginning(first)
    head = begins if begins and begins.first == first else None
    document = artefact(words, first) if head is None else None
    if document is not None:
        return next(iter(actors.between(first + 1, last)), None) or document
    persons = [f for f in actors.between(first, stop) if f.label == "PERSON" and f.is_name]
    if wide and not persons and head and head.number == "office":
        persons = [f for f in actors.between(head.last, min(last, head.last + 7)) if f.label == "PERSON" and f.is_name]
    if head and (head.is_name or head.number != "office" or not persons):
        return _widened(words, head, _far_stop(words, head.last, last, actors), wide)
    if persons:
        return persons[0]
    if stop > first and wide:
        stop = _far_stop(words, stop, last, actors)
    if stop == first or stop - first > _FAR:
        return None
    return made(words, "CLAIM", "SOURCE", words[first].start, stop, "artefact")


def directly(words: Words, at: int, actors: Spans) -> Found | None:
    """The actor that begins right at a word, or the name behind a title or class word there."""
    if at >= len(words):
        return None
    most = min(words.limits[at][1], at + _TITLE)
    head = actors.beginning(at)
    if head and head.start == words[at].start and (head.is_name or head.number != "office"):
        return head
    for near in range(at, most):
        name = actors.beginning(near)
        if name and name.is_name and (near == at or name.start == words[near].start):
            return name
        if near not in words.quotations and not _is_title(words, near):
            break
    return head if head and head.start == words[at].start else None


def _is_title(words: Words, at: int) -> bool:
    """Whether a word can stand between a cue and the name of its source: a noun without preposition."""
    word = words[at]
    return not (
        word.is_mark or word.letters in PREPOSITIONS or word.letters in FUNCTION or word.letters[0] in "0123456789"
    )


def before(words: Words, cue: int, actors: Spans) -> Found | None:
    """The subject that stands before a cue in its sentence, next to it or before a relative pronoun."""
    begin = words.limits[cue][0]
    if cue > begin and words[cue - 1].letters in RELATIVE:
        cue -= 1
    if cue > begin and words[cue - 1].letters in ",،" and cue - 1 > begin:
        return None
    found = actors.ending(cue)
    return found if found and found.first >= begin else None


def artefact(words: Words, at: int) -> Found | None:
    """A document as a source: بحسب تقرير."""
    if at >= len(words):
        return None
    for cut in words[at].cuts:
        bare = cut.letters.removeprefix("ال")
        if bare in _KINDS or cut.letters in _TELLING or bare in _TELLING:
            return made(words, "CLAIM", "SOURCE", cut.start, at + 1, "artefact", at)
    return None


def _without_preposition(words: Words, first: int, last: int) -> int:
    while first < last and words[first].letters in TIME:
        first += 1
    return first


def _stop(words: Words, first: int, last: int, actors: Spans) -> int:
    """Where the source's words end: before a comma, an adjunct of time or place, or who is spoken to."""
    at = first
    while at < last:
        inside = actors.beginning(at)
        if inside and inside.first == at and inside.last <= last and (at == first or inside.is_name):
            if at > first and inside.start != words[at].start and words[at].letters[0] in "لب":
                break
            at = inside.last
            continue
        word = words[at].letters
        if (
            word in PREPOSITIONS
            or word in TIME
            or (words[at].is_mark and at not in words.quotations)
            or word.startswith("لل")
        ):
            break
        if at > first and word[0] in "لب" and any(c.letters in _KINDS for c in words[at].cuts[1:]):
            break
        at += 1
    return at


def _far_stop(words: Words, at: int, last: int, actors: Spans) -> int:
    """Where the words end that identify an unnamed speaker: before time, a comma, a medium, or who is spoken to."""
    while at < last:
        word = words[at]
        if word.is_mark or word.letters in TIME or word.letters in _PARTING:
            break
        document = artefact(words, at + 1) if word.letters == "في" and at + 1 < last else None
        inside = actors.beginning(at)
        if document or (inside and inside.label == "MEDIA"):
            break
        at = inside.last if inside and inside.first == at and inside.last <= last else at + 1
    return at


def _widened(words: Words, head: Found, stop: int, wide: bool) -> Found:
    """An unnamed speaker with the words up to the adjunct, which identify it."""
    if not wide or head.is_name or stop <= head.last or head.number in ("body", "outlet"):
        return head
    if words[head.first].letters.startswith(("ال", "لل")) or (head.number == "office" and head.last - head.first > 1):
        return head
    return made(words, "CLAIM", "SOURCE", head.start, stop, head.number, head.first)


def status(words: Words, source: Found) -> str:
    """named, anonymous or collective."""
    if source.is_name:
        return "named"
    definite = words[source.first].letters.startswith(("ال", "لل", "وال")) or source.last - source.first > 1
    if source.number == "many":
        return "collective"
    if source.number == "artefact":
        return "named" if words[source.first].letters.startswith(("ال", "لل", "وال")) else "anonymous"
    if source.number in ("one", "source"):
        return "anonymous"
    if source.number == "office":
        governs = any(word.startswith("ال") for word in words.said(source.first, source.last))
        return "named" if governs else "anonymous"
    return "named" if definite else "anonymous"


def medium(words: Words, around: Sequence[tuple[int, int]], source: Found | None) -> str:
    """Through what it was said, as the words around cue and source say; "unknown" where they don't."""
    if source is not None and source.label == "MEDIA":
        return next((m for m in _found(words, source.first, source.last) if m in ("press", "broadcast")), "press")
    for first, last in around:
        for kind in _found(words, first, last):
            return kind
    return "unknown"


def _found(words: Words, first: int, last: int) -> list[str]:
    said = [c.letters.removeprefix("ال") for word in words.all[first:last] for c in word.cuts]
    return [_KINDS[word] for word in said if word in _KINDS]
