"""How many spans of referenced texts are found again in copies that differ, and whether any is put in a wrong place.

    python benchmarks/reanchoring.py ../shared/raw/ant

Takes every article of the folder, makes some 30 random spans in each, publishes them without their words, alters the
text in a known way and looks the spans up in the altered copy. Where a span belongs is known from the alteration's own
map. Copies of all articles form one pool, in which every copy must be recognised as its own article. Prints a Markdown
table; no word of an article is in it.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.anchoring import Copy, Index, folded_sha256, make_windows, move, without_words
from dataset_builder.errors import DataError
from dataset_builder.model import Document, Layer, Span
from dataset_builder.text.characters import PROCLITICS, QUOTES, is_letter, is_mark

SEED = 20260101
SPANS = 30
#: One character of the original: what was put before it, and what became of it.
Piece = tuple[str, str]
Alteration = Callable[[random.Random, str], list[Piece]]
Offsets = dict[str, tuple[int, int]]


def read_articles(folder: Path) -> dict[str, str]:
    """Canonical texts (title, LF, body) by document id; an article whose letters repeat another's is left out."""
    articles, seen = {}, set()
    for path in sorted(folder.glob("*.txt")):
        raw = path.read_text("utf8", errors="replace").replace("\r\n", "\n")
        title, body = (
            found.group(1).strip() if (found := re.search(rf"<{tag}>(.*?)</{tag}>", raw, re.DOTALL)) else ""
            for tag in ("TITLE", "TEXT")
        )
        text = f"{' '.join(title.split())}\n{body}"
        letters = folded_sha256(text)
        if body and letters not in seen:
            seen.add(letters)
            articles[f"ant-{path.stem}"] = text
    return articles


def record(document_id: str, text: str) -> Document:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    windows, letters = make_windows(document_id, text), folded_sha256(text)
    return Document(
        document_id, "ant", "referenced", "", sha256, len(text), "ant", "utf-8", folded_sha256=letters, windows=windows
    )


# --- spans -----------------------------------------------------------------------------------------------------------


def random_spans(rng: random.Random, text: str) -> Iterator[tuple[int, int]]:
    """Words and runs of words, after a proclitic or not, with and without the punctuation beside them; every colon."""
    words = [m.span() for m in re.finditer(r"\S+", text)]
    bare = [(_first_letter(text, a, b), _after_letters(text, a, b)) for a, b in words]
    bare = [(a, b) for a, b in bare if a < b]
    for _ in range(SPANS):
        n = rng.randrange(len(bare))
        last = min(len(bare), n + (rng.randint(20, 60) if rng.random() < 0.1 else rng.randint(1, 6))) - 1
        start, end = bare[n][0], bare[last][1]
        after = start + 1 + next((k for k, c in enumerate(text[start + 1 :]) if not is_mark(c)), 0)
        if text[start] in PROCLITICS and after < end and is_letter(text[after]) and rng.random() < 0.7:
            start = after
        elif rng.random() < 0.2:
            while start and not text[start - 1].isspace() and not is_letter(text[start - 1]):
                start -= 1
        if rng.random() < 0.2:
            while end < len(text) and not text[end].isspace() and not is_letter(text[end]):
                end += 1
        yield start, end
    yield from (m.span() for m in re.finditer(r":", text))


def _first_letter(text: str, start: int, end: int) -> int:
    return next((n for n in range(start, end) if is_letter(text[n])), end)


def _after_letters(text: str, start: int, end: int) -> int:
    return next((n for n in range(end, start, -1) if is_letter(text[n - 1]) or is_mark(text[n - 1])), start)


# --- alterations -----------------------------------------------------------------------------------------------------


def unchanged(text: str) -> list[Piece]:
    return [("", c) for c in text]


def white_space(rng: random.Random, text: str) -> list[Piece]:
    """Other blanks, doubled, broken lines, some joined words, blanks beside punctuation put in and taken out."""
    pieces = []
    for n, c in enumerate(text):
        beside = c.isspace() and (not is_letter(text[n - 1]) or not is_letter(text[min(n + 1, len(text) - 1)]))
        if c.isspace():
            drop = rng.random() < (0.1 if beside else 0.01)
            pieces.append(
                ("", "" if drop else rng.choice([" ", " ", " ", "  ", "\u00a0", "\n", "\t", "\u2009", "\r\n"]))
            )
        elif not is_letter(c) and not is_mark(c) and text[n - 1] != c and rng.random() < 0.1:
            pieces.append((rng.choice([" ", "\u00a0"]), c))
        else:
            pieces.append(("", c))
    return pieces


_SIGNS = {
    ",": "،",
    "،": ",",
    ";": "؛",
    "؛": ";",
    "?": "؟",
    "؟": "?",
    ".": "…",
    "-": "—",
    "–": "-",
    "!": "!!",
    ":": "：",
}


def punctuation(rng: random.Random, text: str) -> list[Piece]:
    """Signs in another shape, left out, put in between words; quotation marks are left alone."""
    pieces = []
    for n, c in enumerate(text):
        if c.isspace():
            after_word = n > 0 and is_letter(text[n - 1])
            pieces.append((rng.choice("،.-!؛") if after_word and rng.random() < 0.03 else "", c))
        elif is_letter(c) or is_mark(c) or c in QUOTES:
            pieces.append(("", c))
        elif c != ":" and rng.random() < 0.1:
            pieces.append(("", ""))
        else:
            pieces.append(("", _SIGNS.get(c, c) if rng.random() < 0.4 else c))
    return pieces


def quotation_marks(rng: random.Random, text: str) -> list[Piece]:
    """All quotation marks in another style, or none of them; now and then one forgotten, or a word put in quotes."""
    opening, closing = rng.choice([("«", "»"), ("“", "”"), ("''", "''"), ("‹", "›"), ('"', '"'), ("", ""), ("", "")])
    quoted = [m.span() for m in re.finditer(r"(?<= )[^\W\d_]+(?= )", text) if rng.random() < 0.01]
    before = {a: opening for a, _ in quoted} | {b: closing for _, b in quoted}
    pieces = []
    for n, c in enumerate(text):
        if c in QUOTES:
            opens = n + 1 < len(text) and is_letter(text[n + 1])
            own = "" if rng.random() < 0.03 else opening if opens else closing
            pieces.append(("", own))
        else:
            pieces.append((before.get(n, ""), c))
    return pieces


def diacritics(rng: random.Random, text: str) -> list[Piece]:
    """Harakat and tatweel put in, those that were there left out, direction marks beside punctuation."""
    pieces = []
    for c in text:
        if is_mark(c):
            pieces.append(("", "" if rng.random() < 0.7 else c))
        elif is_letter(c):
            pieces.append(("", c + (rng.choice("ًٌٍَُِّْـ") if rng.random() < 0.15 else "")))
        else:
            pieces.append(("\u200f" if rng.random() < 0.1 else "", c))
    return pieces


_HAMZA = {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ي": "ى", "ة": "ه", "ئ": "ى", "ؤ": "و", "ک": "ك"}
_DIGITS = dict(zip("0123456789٠١٢٣٤٥٦٧٨٩", "٠١٢٣٤٥٦٧٨٩0123456789", strict=True))


def hamza(rng: random.Random, text: str) -> list[Piece]:
    """Hamza left out or put in, ى for ي, ه for ة, the other digits."""
    digits = rng.random() < 0.5
    pieces = []
    for n, c in enumerate(text):
        end_of_word = n + 1 == len(text) or not is_letter(text[n + 1])
        if c == "ا" and not (n and is_letter(text[n - 1])) and rng.random() < 0.2:
            pieces.append(("", rng.choice("أإآ")))
        elif c == "ء" and end_of_word and rng.random() < 0.5:
            pieces.append(("", ""))
        elif c in _HAMZA and rng.random() < 0.5 and (end_of_word or c not in "يىة"):
            pieces.append(("", _HAMZA[c]))
        else:
            pieces.append(("", _DIGITS.get(c, c) if digits else c))
    return pieces


_SITE = "موقع الأخبار العاجلة"


def title_and_byline(rng: random.Random, text: str) -> list[Piece]:
    """The title left out, doubled or with the site's name; a byline, a dateline, a footer put in."""
    pieces = unchanged(text)
    line_end = text.index("\n")
    kind = rng.choice(["none", "none", "twice", "site"])
    if kind == "none":
        pieces[: line_end + 1] = [("", "")] * (line_end + 1)
    elif kind == "twice":
        pieces[0] = (f"{text[:line_end]} | {_SITE}\n", text[0])
    else:
        pieces[line_end] = (f" - {_SITE}", "\n")
    if rng.random() < 0.7:
        byline = rng.choice(["كتب المحرر\n", "2017/03/05 10:30 ", "العاصمة (وكالات) - ", "شارك المقال\nحجم الخط\n"])
        pieces[line_end + 1] = (byline, text[line_end + 1])
    if rng.random() < 0.7:
        pieces.append(("\nاقرأ أيضا: أخبار أخرى من الموقع", ""))
    return pieces


def one_word(rng: random.Random, text: str) -> list[Piece]:
    """One word of the whole text replaced by another."""
    return _replaced(rng, text, [rng.choice(list(re.finditer(r"\w+", text))).span()])


def many_words(rng: random.Random, text: str) -> list[Piece]:
    """One word in sixty replaced by another."""
    return _replaced(rng, text, [m.span() for m in re.finditer(r"\w+", text) if rng.random() < 1 / 60])


def _replaced(rng: random.Random, text: str, words: list[tuple[int, int]]) -> list[Piece]:
    pieces = unchanged(text)
    for start, end in words:
        # \0 marks letters that have no counterpart; `altered` takes it out again.
        pieces[start:end] = [("", "\0")] * (end - start)
        pieces[start] = (rng.choice(["كلمة", "غيرها", "تصحيح"]), "\0")
    return pieces


_SAME_LETTERS: tuple[Alteration, ...] = (quotation_marks, punctuation, hamza, diacritics, white_space)
ALTERATIONS: dict[str, tuple[Alteration, ...]] = {
    "none": (),
    "white space": (white_space,),
    "punctuation": (punctuation,),
    "quotation marks": (quotation_marks,),
    "diacritics": (diacritics,),
    "hamza, digits": (hamza,),
    "title, byline": (title_and_byline,),
    "all together": (title_and_byline, *_SAME_LETTERS),
    "all, and one word changed": (title_and_byline, one_word, *_SAME_LETTERS),
    "all, and a word in 60 changed": (title_and_byline, many_words, *_SAME_LETTERS),
}


def altered(rng: random.Random, text: str, spans: Offsets, steps: tuple[Alteration, ...]) -> tuple[str, Offsets]:
    """The copy, and where each span stands in it if its letters are still there, all of them and no other between.

    Where the title stands twice, a span of the title may be found in either: its second place has the key "ID again".
    """
    for step in steps:
        pieces = step(rng, text)
        offsets, here, copy = [], 0, []
        for inserted, own in pieces:
            kept = own.replace("\0", "")
            begin = here + len(inserted)
            offsets.append(Moved(begin, begin + len(kept), "\0" in own, any(map(is_letter, inserted))))
            here = begin + len(kept)
            copy.append(inserted + kept)
        after = "".join(copy)
        twice = {f"{id} again": s for id, s in spans.items() if pieces[0][0].startswith(text[: s[1]])}
        spans = {id: place for id, span in spans.items() if (place := _mapped(span, offsets, text, after))} | twice
        text = after
    return text, spans


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one character: its place in the copy, whether it is another word's now or has one before it."""

    start: int
    end: int
    changed: bool
    interrupted: bool


def _mapped(span: tuple[int, int], offsets: list[Moved], before: str, after: str) -> tuple[int, int] | None:
    inside = offsets[span[0] : span[1]]
    letters = (m for m, c in zip(inside, before[span[0] : span[1]], strict=True) if is_letter(c) and c != "ء")
    kept = [m for m in inside if m.start < m.end]
    gone = any(m.start == m.end for m in letters) or any(m.changed for m in inside)
    if not kept or gone or any(m.interrupted for m in inside[1:]):
        return None
    start, end = kept[0].start, kept[-1].end
    while start < end and after[start].isspace():
        start += 1
    while start < end and after[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


# --- measuring -------------------------------------------------------------------------------------------------------


@dataclass
class Result:
    spans: int = 0
    recovered: int = 0
    wrong: int = 0
    documents_lost: int = 0
    mistaken: int = 0
    seconds: float = 0.0

    def row(self, name: str, documents: int) -> str:
        share = f"{100 * self.recovered / self.spans:.2f} %"
        return (
            f"| {name} | {self.spans:,} | {share} | {self.wrong} | {self.documents_lost} of {documents} | "
            f"{self.mistaken} | {1000 * self.seconds / documents:.1f} ms |"
        )


@dataclass(frozen=True)
class Published:
    layer: Layer
    document: Document
    offsets: Offsets


def publish(rng: random.Random, articles: dict[str, str]) -> tuple[dict[str, Published], int]:
    """Each article's layer without words, and how many of the random spans could not be told without them."""
    published, refused = {}, 0
    for id, text in articles.items():
        document = record(id, text)
        spans = {f"s{n:08x}": span for n, span in enumerate(sorted(set(random_spans(rng, text))))}
        while True:
            rows = tuple(Span(key, "ACTOR", "STATE", a, b, text=text[a:b]) for key, (a, b) in spans.items())
            layer = Layer(id, "1.0", len(text), document.sha256, ("ACTOR",), spans=rows)
            try:
                published[id] = Published(without_words(layer, text, document), document, spans)
                break
            except DataError as error:
                for incident in error.incidents:
                    del spans[incident.fact.split()[1]]
                    refused += 1
    return published, refused


def measure(rng: random.Random, articles: dict[str, str], published: dict[str, Published], name: str) -> Result:
    result = Result()
    index = Index(p.document for p in published.values())
    for id, own in published.items():
        text, truth = altered(rng, articles[id], own.offsets, ALTERATIONS[name])
        result.spans += sum(not key.endswith("again") for key in truth)
        begin = time.perf_counter()
        copy = Copy(text)
        matches = index.recognise(copy)
        result.mistaken += bool(matches) and matches[0].document != id
        match = next((m for m in matches if m.document == id), None)
        placed = {s.id: (s.start, s.end) for s in move(own.layer, match, copy)[0].spans} if match else {}
        result.seconds += time.perf_counter() - begin
        result.documents_lost += match is None
        right = [key for key, place in placed.items() if place in (truth.get(key), truth.get(f"{key} again"))]
        result.recovered += sum(key in truth for key in right)
        result.wrong += len(placed) - len(right)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder of ANT articles, such as ../shared/raw/ant")
    articles = read_articles(parser.parse_args().folder)
    published, refused = publish(random.Random(SEED), articles)
    anchors = [s.anchor for p in published.values() for s in p.layer.spans if s.anchor]
    colons = sum(not a.letters for a in anchors)
    print(f"{len(articles)} articles, {len(anchors):,} spans ({colons} of them a colon alone), {refused} refused\n")
    print(
        "| copy differs in | spans in it | recovered | wrong | documents not found | taken for another | a document |"
    )
    print("|---|---|---|---|---|---|---|")
    for name in ALTERATIONS:
        print(measure(random.Random(f"{SEED} {name}"), articles, published, name).row(name, len(articles)), flush=True)


if __name__ == "__main__":
    main()
