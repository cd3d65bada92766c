"""What somebody without the texts can learn from what is published of them: an attack, and the same on a weak scheme.

    python benchmarks/guessing.py ../shared/raw

The guesser has the statistics of words and word pairs in all other articles of the same outlet and in two more
corpora, a list of names with their labels that lacks none of the labelled names, and everything that is published:
windows, offsets, letter counts, labels, digests. It never reads the articles that it attacks; these are only looked at
to count what it got right. Prints Markdown; no word of an article is in it.
"""

from __future__ import annotations

import argparse
import hashlib
import heapq
import hmac
import math
import random
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guesser import NEXT_WORDS, WORD, Guesser, background, name_list, named_spans
from reanchoring import read_articles, record

from dataset_builder.anchoring import without_words
from dataset_builder.anchoring.windows import RollingHash, is_bound, mask, window_digest
from dataset_builder.model import Anchor, Document, Layer, Span, Window
from dataset_builder.text.characters import PROCLITICS
from dataset_builder.text.normalise import fold

SEED = 20260101
VICTIMS = 30
#: How many hypotheses the beam keeps at each letter.
BEAM = 25
SPAN_CANDIDATES = 2_000


# --- the articles that are attacked ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Victim:
    """What is published of an article (`document`, `layer`), and what only the count of hits may look at."""

    document: Document
    layer: Layer
    text: str
    letters: str

    def secret(self, anchor: Anchor) -> str:
        return self.letters[anchor.first : anchor.first + anchor.letters]


def victim(rng: random.Random, id: str, text: str, names: dict[str, str]) -> Victim:
    document = record(id, text)
    places = {(a, b): label for a, b, label in named_spans(text, names)}
    words = [m.span() for m in WORD.finditer(text) if len(m[0]) > 2]
    for n in rng.sample(range(len(words)), min(15, len(words))):
        last = min(n + rng.choice([0, 0, 1]), len(words) - 1)
        places.setdefault((words[n][0], words[last][1]), "EVENT")
    spans = tuple(
        Span(f"s{n:08x}", "ACTOR", label, a, b, text=text[a:b])
        for n, ((a, b), label) in enumerate(sorted(places.items()))
    )
    layer = Layer(id, "1.0", len(text), document.sha256, ("ACTOR",), spans=spans)
    return Victim(document, without_words(layer, text, document), text, fold(text).letters)


# --- the attacks -----------------------------------------------------------------------------------------------------


def candidates(guesser: Guesser, span: Span) -> list[str]:
    assert span.anchor
    named = [name for name, _ in guesser.names_like(span.label, span.anchor.letters)]
    return list(dict.fromkeys([*named, *guesser.by_letters[span.anchor.letters]]))[:SPAN_CANDIDATES]


def readings(document: Document, anchor: Anchor, words: str) -> set[str]:
    """Whatever the digest of a span would be if its words alone were enough to make it."""
    message = f"{document.id}\n{anchor.first}\n{anchor.letters}\n{anchor.before}\n{anchor.after}"
    plain = [hashlib.sha256(p.encode()) for p in (words, f"{document.id}\n{words}", f"key\n{words}")]
    keyed = hmac.digest(plain[-1].digest(), message.encode(), "sha256")
    return {*(p.hexdigest()[:6] for p in plain), keyed[:3].hex()}


@dataclass
class Tally:
    tried: int = 0
    claimed: int = 0
    right: int = 0
    of: int = 0
    by_chance: float = 0.0


def attack_spans(guesser: Guesser, victims: list[Victim]) -> Tally:
    """Guess each span's words, and believe the guess that a published digest agrees with."""
    tally = Tally()
    for v in victims:
        published = {s.anchor.digest for s in v.layer.spans if s.anchor} | {w.digest[:6] for w in v.document.windows}
        for span in v.layer.spans:
            assert span.anchor
            guesses = candidates(guesser, span)
            # Any digest of the document, not only the span's own: the same words may be digested elsewhere.
            hits = [g for g in guesses if not published.isdisjoint(readings(v.document, span.anchor, g))]
            tally.by_chance += 4 * len(guesses) * len(published) / 2**24
            tally.of += 1
            tally.tried += len(guesses)
            tally.claimed += bool(hits)
            tally.right += bool(hits) and hits[0] == v.secret(span.anchor)
    return tally


def attack_naive(guesser: Guesser, victims: list[Victim]) -> Tally:
    """The same guesses where the digest is 24 bits of SHA-256 of a span's words."""
    tally = Tally()
    for v in victims:
        for span in v.layer.spans:
            assert span.anchor
            secret = v.secret(span.anchor)
            digest = hashlib.sha256(secret.encode()).hexdigest()[:6]
            guesses = candidates(guesser, span)
            hit = next((g for g in guesses if hashlib.sha256(g.encode()).hexdigest()[:6] == digest), None)
            tally.of += 1
            tally.tried += len(guesses)
            tally.claimed += hit is not None
            tally.right += hit == secret
    return tally


def attack_names(guesser: Guesser, victims: list[Victim]) -> Tally:
    """Without any digest: the name that most often has this label and this many letters."""
    tally = Tally()
    for v in victims:
        for span in v.layer.spans:
            assert span.anchor
            if span.label == "EVENT":
                continue
            tally.of += 1
            if named := guesser.names_like(span.label, span.anchor.letters):
                tally.claimed += 1
                tally.right += named[0][0] == v.secret(span.anchor)
    return tally


def completions(guesser: Guesser, v: Victim, window: Window) -> list[str]:
    """The guesser's likeliest contents of a window, likeliest first: a beam search over letters.

    No word may cross the end of a span or its beginning (a proclitic aside), and a labelled span is filled from the
    list of names.
    """
    anchors = [(s.anchor, s.label) for s in v.layer.spans if s.anchor and s.anchor.letters]
    starts = {a.first - window.start: (a.letters, label) for a, label in anchors}
    stops = {a.first + a.letters - window.start for a, _ in anchors}
    # For each letter, the next wall for a word that begins there: without a proclitic, and with one.
    walls = [[_next(stops | set(starts) - {n + p}, n) for p in (0, 1)] for n in range(window.length)]
    beam: dict[int, dict[str, tuple[float, str]]] = defaultdict(dict)
    beam[0][""] = (0.0, "")
    # The text, and a body after its title's window, begin with a whole word.
    if window.start and (window.start > v.document.windows[0].length or not is_bound(v.document.windows[0].length)):
        for ending, score in guesser.endings:
            beam[len(ending)][ending] = (score, ending)
    for here in range(window.length):
        best = heapq.nlargest(BEAM, beam.pop(here, {}).items(), key=lambda row: row[1][0])
        for letters, (score, last) in best:
            for word, extra in _extensions(guesser, last, starts.get(here)):
                end = here + len(word)
                if end > walls[here][word[0] in PROCLITICS]:
                    continue
                whole = (letters + word)[: window.length]
                slot = beam[min(end, window.length)]
                if whole not in slot or slot[whole][0] < score + extra:
                    slot[whole] = (score + extra, word)
    done = beam[window.length]
    return sorted(done, key=lambda letters: -done[letters][0])


def _next(walls: set[int], here: int) -> int:
    return min((wall for wall in walls if wall > here), default=10**6)


def _extensions(guesser: Guesser, last: str, span: tuple[int, str] | None) -> Iterator[tuple[str, float]]:
    if span and (names := guesser.names_like(span[1], span[0])):
        total = sum(n for _, n in names)
        for name, n in names[:NEXT_WORDS]:
            yield name, math.log2(n / total)
        return
    yield from guesser.following(last)


def confirmed(document: Document, number: int, letters: str, guard: str = "") -> bool:
    """Whether filter and digest agree with a guess of a window, as an attacker would test it."""
    window = document.windows[number]
    if int(RollingHash(letters).of(len(letters))[0]) ^ mask(guard) != int(window.filter, 16):
        return False
    return window_digest(document.id, letters, guard) == window.digest


@dataclass
class WindowTally(Tally):
    best_letters: int = 0
    letters: int = 0
    control: int = 0


def attack_windows(guesser: Guesser, victims: list[Victim]) -> WindowTally:
    """Fill whole windows and ask the hashes; `control` counts the true contents that are confirmed, as all must be."""
    tally = WindowTally()
    for v in victims:
        guesses = [completions(guesser, v, w) for w in v.document.windows]
        for number, window in enumerate(v.document.windows):
            own = guesses[number]
            guards = guesses[number + 1] if is_bound(window.length) else [""]
            pairs = (
                [(o, g) for o in own[:60] for g in guards[:60]] if is_bound(window.length) else [(o, "") for o in own]
            )
            hits = [o for o, g in pairs if confirmed(v.document, number, o, g)]
            secret = v.letters[window.start : window.start + window.length]
            after = v.letters[window.start + window.length :][
                : v.document.windows[min(number + 1, len(guesses) - 1)].length
            ]
            tally.control += confirmed(v.document, number, secret, after if is_bound(window.length) else "")
            tally.of += 1
            tally.tried += len(pairs)
            tally.claimed += bool(hits)
            tally.right += secret in hits
            tally.letters += window.length
            tally.best_letters += sum(a == b for a, b in zip(own[0], secret, strict=False)) if own else 0
    return tally


def bits(guesser: Guesser, v: Victim, first: int, length: int) -> float:
    """Minus log2 of the probability that the guesser gives to the words of a window, labels and names considered."""
    spans = [(s.anchor, s.label) for s in v.layer.spans if s.anchor and s.label != "EVENT"]
    inside = [(a, label) for a, label in spans if first <= a.first and a.first + a.letters <= first + length]
    covered = {n for a, _ in inside for n in range(a.first, a.first + a.letters)}
    total = 0.0
    for anchor, label in inside:
        named = dict(guesser.names_like(label, anchor.letters))
        if v.secret(anchor) in named:
            total -= math.log2(named[v.secret(anchor)] / sum(named.values()))
    position, last = 0, ""
    for token in v.text.split():
        word = fold(token).letters
        free = [n for n in range(position, position + len(word)) if first <= n < first + length and n not in covered]
        if word:
            total -= guesser.log2(word, last) * len(free) / len(word)
            position, last = position + len(word), word
    return total


# --- report ----------------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("raw", type=Path, help="the folder that holds ant, ud_pud and aqmar, such as ../shared/raw")
    raw = parser.parse_args().raw
    rng = random.Random(SEED)
    articles = read_articles(raw / "ant")
    attacked = sorted(rng.sample(sorted(articles), VICTIMS))
    names = name_list(raw)
    guesser = Guesser()
    for tokens in background(raw):
        guesser.read(tokens)
    for id, text in articles.items():
        if id not in attacked:
            guesser.read(text.split())
            for start, end, label in named_spans(text, names):
                guesser.names[label][fold(text[start:end]).letters] += 1
    for name, label in names.items():
        guesser.names[label][name] += 1
    victims = [victim(rng, id, articles[id], names) for id in attacked]
    report(guesser, victims, len(articles))


def report(guesser: Guesser, victims: list[Victim], articles: int) -> None:
    spans = [s for v in victims for s in v.layer.spans]
    named = sum(s.label != "EVENT" for s in spans)
    print(
        f"{len(victims)} of {articles} articles attacked: {len(spans)} spans ({named} names with their label), "
        f"{sum(len(v.document.windows) for v in victims)} windows. The guesser knows {len(guesser.words):,} words from "
        f"{guesser.total:,} and {sum(map(len, guesser.names.values())):,} names.\n"
    )
    print("| attack | guesses tried | agree with a hash | of them by chance | right |")
    print("|---|---|---|---|---|")
    windows = attack_windows(guesser, victims)
    rows = {
        "span words, any published digest": attack_spans(guesser, victims),
        "window contents, filter and digest": windows,
        "weak scheme: 24 bits of SHA-256 of a span's words": attack_naive(guesser, victims),
    }
    for name, tally in rows.items():
        counts = f"{tally.claimed} of {tally.of} | {tally.by_chance:.0f} | {tally.right}"
        print(f"| {name} | {tally.tried:,} | {counts} |")
    names = attack_names(guesser, victims)
    print(f"\nControl: the true letters of {windows.control} of {windows.of} windows are confirmed.")
    in_place = 100 * windows.best_letters / windows.letters
    print(f"The likeliest content of a window has {in_place:.1f} % of its letters in place. Without any hash,")
    print(f"the most frequent name with its label and letter count is right for {names.right} of {names.of} names.\n")
    print("| stretch | least bits | tenth | median |")
    print("|---|---|---|---|")
    titles = [
        bits(guesser, v, 0, v.document.windows[0].length) for v in victims if is_bound(v.document.windows[0].length)
    ]
    bodies = [
        bits(guesser, v, w.start, w.length) for v in victims for w in v.document.windows if not is_bound(w.length)
    ]
    guarded = [
        bits(guesser, v, 0, v.document.windows[0].length + v.document.windows[1].length)
        for v in victims
        if is_bound(v.document.windows[0].length)
    ]
    stretches = {"a title, if it had hashes of its own": titles, "a title and the window it is bound to": guarded}
    for name, values in {**stretches, "a body window": bodies}.items():
        least, tenth, median = min(values), statistics.quantiles(values, n=10)[0], statistics.median(values)
        print(f"| {name} | {least:.0f} | {tenth:.0f} | {median:.0f} |")


if __name__ == "__main__":
    main()
