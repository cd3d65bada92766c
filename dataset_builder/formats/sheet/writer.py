"""From a layer to a sheet: the empty one to fill in, and the filled one to go on from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dataset_builder.errors import DataError
from dataset_builder.formats.sheet.lines import FORM
from dataset_builder.formats.sheet.quotes import QuoteError, Sentences, occurrences, resolve
from dataset_builder.formats.sheet.values import LINK
from dataset_builder.model import Claim, Layer, Span
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import sentences, tokens

#: Up to so many words a quote is written in full, a longer one by its first and last words.
FULL_WORDS = 6

HELP = """\
# Under each sentence one record a line. Quote the words exactly as they stand. A span begins at a word or behind
# proclitics (و ف ب ل ك س) and ends at a word's end. After a quote #2 means its second occurrence; first words … last
# words is a long span; s3: before a quote takes it from another sentence; + joins two content spans. A | # … + or \\ of
# the text itself gets a \\ before it. An actor with =entity is a name (= alone: a name without an entity), without = it
# is nominal; nisba is for an adjective.
"""
FORMS = {
    "ACTOR": "a1 LABEL | quote | =entity",
    "LOCATION": "l1 LABEL | quote | =geonames",
    "EVENT": "e1 CODE | quote | status AGENT=a1,a2 TARGET=a3 PLACE=l1 date= killed= injured= displaced= incident=",
    "CLAIM": "c1 a1 (or quote, or -) | cue (or -) | content | form act source_status medium parent=c2 continues=c3",
    "FRAME": "f1 LABEL | quote | ABOUT=a1",
}


def new(document: str, text: str, sha256: str, layers: Sequence[str]) -> str:
    """An empty sheet: the forms of the layers asked for and the numbered sentences, nothing else.

    >>> print(new("d1", "عنوان\\nنص.", "0" * 64, ["LOCATION"]).split("\\n\\n", 1)[1])
    s1 عنوان
    <BLANKLINE>
    s2 نص.
    <BLANKLINE>
    """
    return head(document, sha256, layers) + "".join(
        f"\ns{number} {text[start:end]}\n" for number, (start, end) in enumerate(sentences(text), 1)
    )


def write(layer: Layer, text: str, schema: Schema) -> str:
    """A filled sheet that reads back as this layer; DataError for a span that no quote can name."""
    numbered = Sentences(text, sentences(text))
    names = names_of(layer, schema)
    records: dict[int, list[str]] = {}
    for number, line in records_of(layer, numbered, names, schema):
        records.setdefault(number, []).append(line)
    body = ""
    for number, (start, end) in enumerate(numbered.stretches, 1):
        body += "\n" + "\n".join([f"s{number} {text[start:end]}", *records.get(number, [])]) + "\n"
    return head(layer.document, layer.sha256, layer.layers, layer.annotator) + body


def head(document: str, sha256: str, layers: Sequence[str], annotator: str = "") -> str:
    head = f"{FORM}\n# document: {document}\n# sha256: {sha256[:16]}\n# layers: {' '.join(layers)}\n"
    head += f"# annotator: {annotator}\n" if annotator else ""
    return head + HELP + "".join(f"# {FORMS[name]}\n" for name in layers if name in FORMS)


def names_of(
    layer: Layer, schema: Schema, taken: Iterable[str] = (), known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A sheet id for every span that a record of its own stands for, and every claim.

    Records in `known` have a sheet id already; new ones avoid what is `taken`.
    """
    names: dict[str, str] = dict(known or {})
    counts: dict[str, int] = {}
    for name in taken:
        counts[name[0]] = max(counts.get(name[0], 0), int(name[1:]))
    for id, name in [(s.id, s.layer) for s in layer.spans if s.layer != "CLAIM"] + [
        (c.id, "CLAIM") for c in layer.claims
    ]:
        if id in names:
            continue
        prefix = schema.layers[name].prefix
        counts[prefix] = counts.get(prefix, 0) + 1
        names[id] = f"{prefix}{counts[prefix]}"
    return names


def records_of(
    layer: Layer, numbered: Sentences, names: Mapping[str, str], schema: Schema
) -> Iterator[tuple[int, str]]:
    """The record lines of a layer, each with the number of its sentence."""
    for name in schema.layers:
        for span in layer.of(name) if name != "CLAIM" else ():
            here = numbered.number_of(span.start)
            fields = [f"{names[span.id]} {span.label}", quote(span, numbered, here), _last_field(span, layer, names)]
            yield here, " | ".join(field for field in fields if field)
        if name == "CLAIM":
            for claim in layer.claims:
                yield _claim_record(claim, layer, numbered, names)


def _last_field(span: Span, layer: Layer, names: Mapping[str, str]) -> str:
    words = []
    link = LINK.get(span.layer)
    mention = span.attributes.get("mention")
    linked = span.attributes.get(link or "", "")
    if linked or mention == "name":
        words.append(f"={linked}")
    if mention and mention != ("name" if words else "nominal"):
        words.append(mention)
    for name, value in span.attributes.items():
        if name == "status":
            words += [value] if value != "occurred" else []
        elif name not in (link, "mention"):
            words.append(f"{name}={value}")
    ends: dict[str, list[str]] = {}
    for relation in layer.relations:
        if relation.head == span.id:
            ends.setdefault(relation.label, []).append(names[relation.tail])
    return " ".join([*words, *(f"{label}={','.join(targets)}" for label, targets in ends.items())])


def _claim_record(claim: Claim, layer: Layer, numbered: Sentences, names: Mapping[str, str]) -> tuple[int, str]:
    content = [layer.span(id) for id in claim.content]
    first = layer.span(claim.cue) if claim.cue else content[0]
    here = numbered.number_of(first.start)
    source = "-"
    if claim.source:
        source = names.get(claim.source) or quote(layer.span(claim.source), numbered, here)
    cue = quote(layer.span(claim.cue), numbered, here) if claim.cue else "-"
    said = " + ".join(quote(span, numbered, here) for span in content)
    values = [f"{key}={getattr(claim, key)}" for key in ("form", "act", "source_status", "medium")]
    values = [value.split("=")[1] if not value.endswith("=report") else value for value in values]
    values = [value for value in values if value != "unknown"]
    values += [f"{key}={names[id]}" for key in ("parent", "continues") if (id := getattr(claim, key))]
    return here, f"{names[claim.id]} {source} | {cue} | {said} | {' '.join(values)}"


def quote(span: Span, numbered: Sentences, here: int) -> str:
    """The shortest quote that `resolve` leads back to exactly this span; DataError where there is none."""
    for candidate in _candidates(span, numbered, here):
        try:
            if resolve(candidate, numbered, here) == (span.start, span.end):
                return candidate
        except QuoteError:
            continue
    raise DataError(
        f"{span.id} ({span.start}–{span.end}) can't be quoted: it begins or ends in white space or outside a sentence"
    )


def _candidates(span: Span, numbered: Sentences, here: int) -> Iterator[str]:
    text = numbered.text
    first, last = numbered.number_of(span.start), numbered.number_of(span.end - 1)
    words = list(tokens(text, span.start, span.end))
    if first == last and len(words) <= FULL_WORDS:
        yield from _numbered(text[span.start : span.end], span.start, numbered, first, here)
    for count in (1, 2, 3):
        head, tail = words[min(count, len(words)) - 1][1], words[-min(count, len(words))][0]
        if tail >= head:
            ending = _numbered(text[tail : span.end], tail, numbered, last, first, after=head)
            for end in ending:
                for begin in _numbered(text[span.start : head], span.start, numbered, first, here):
                    yield f"{begin} … {end}"
    if first == last:
        yield from _numbered(text[span.start : span.end], span.start, numbered, first, here)


def _numbered(
    words: str, at: int, numbered: Sentences, sentence: int, here: int, after: int | None = None
) -> Iterable[str]:
    """The words escaped, alone and with the number of the occurrence that begins at `at`."""
    shown = "".join(f"\\{c}" if c in "\\|#…+" else c for c in words)
    shown = f"s{sentence}:{shown}" if sentence != here else shown
    start, end = numbered.stretch(sentence)
    whole, inside = occurrences(numbered.text, words, max(start, after or 0), end)
    places = [place[0] for place in whole + inside]
    return [shown, f"{shown} #{places.index(at) + 1}"] if at in places else [shown]
