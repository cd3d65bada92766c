"""TREC-like SGML as the ANT corpus has it: one or more DOC elements a file, each with DOCNO, TITLE, TEXT and others.

Canonical text is title, LF, body; the white space around an element's content is markup, what stands within is not
touched. ABSTRACT goes where the body begins with it (white space aside), as it then repeats it. Elsewhere it stays
between title and body, where the page shows it: it is words that the outlet published and that nothing else holds.
Where TEXT is empty, ABSTRACT alone is the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dataset_builder.incidents import Incident
from dataset_builder.readers.article import (
    FILE_LIMIT,
    RECORD_LIMIT,
    Article,
    Options,
    Refused,
    attempted,
    finished,
    whole,
)
from dataset_builder.readers.canonical import Canonical, assemble
from dataset_builder.readers.encoding import decode

READER = "ant/1"
_DOC = re.compile(r"<DOC>.*?(?:</DOC>|(?=<DOC>)|\Z)", re.DOTALL)
Slice = tuple[int, int]


def read_sgml(path: Path, options: Options) -> Iterator[Article | Incident]:
    """Every DOC of the file. The map of an article leads to the decoded file."""
    decoded = decode(whole(path, FILE_LIMIT), [options.encoding])
    line, counted, after = 1, 0, 0
    for doc in _DOC.finditer(decoded.text):
        line += decoded.text.count("\n", counted, doc.start())
        counted = after = doc.start()
        yield from attempted(_article(decoded.text, doc, decoded.encoding, str(path), line), str(path), line)
    if not after and not decoded.text.lstrip("\ufeff \r\n").startswith("<DOC>"):
        raise Refused("format-unknown", "there is no <DOC> in it")


def _article(raw: str, doc: re.Match[str], encoding: str, path: str, line: int) -> Iterator[Article | Incident]:
    if not doc[0].endswith("</DOC>"):
        raise Refused("record-broken", "the <DOC> that begins here is not closed")
    if doc.end() - doc.start() > RECORD_LIMIT:
        raise Refused("record-too-long", f"the <DOC> has {doc.end() - doc.start():,} characters")
    elements = {name: _element(raw, doc, name) for name in ("DOCNO", "TITLE", "ABSTRACT", "TEXT", "TIME", "URL", "SRC")}
    for name in ("DOCNO", "TITLE", "TEXT"):
        if elements[name] is None:
            raise Refused("field-missing", f"the <DOC> has no <{name}>")
    held = {name: "" if at is None else assemble(raw, [at], entities=True).text for name, at in elements.items()}
    known = {"locator": held["DOCNO"], "title": held["TITLE"], "url": held["URL"], "outlet": held["SRC"]}
    known |= {"encoding": encoding, "reader": READER, "raw_is": "file", "path": path}
    text = _text(raw, elements, held)
    yield from finished(text, held["TIME"], record=True, line=line, **known)


def _element(raw: str, doc: re.Match[str], name: str) -> Slice | None:
    """Where the content of an element stands in `raw`, outer white space off; None where there is no such element."""
    start = raw.find(f"<{name}>", doc.start(), doc.end())
    if start < 0:
        return None
    start += len(name) + 2
    end = raw.find(f"</{name}>", start, doc.end())
    if end < 0:
        raise Refused("record-broken", f"<{name}> is not closed")
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    return start, end


def _text(raw: str, elements: dict[str, Slice | None], held: dict[str, str]) -> Canonical:
    """The canonical text; empty where neither TEXT nor ABSTRACT holds anything."""
    body = "".join(held["TEXT"].split())
    abstract = "".join(held["ABSTRACT"].split())
    if not body and not abstract:
        return assemble(raw, [])
    names = ["TITLE", "ABSTRACT", "TEXT"] if not body.startswith(abstract) else ["TITLE", "TEXT"]
    return assemble(raw, [at for name in names if held[name] and (at := elements[name])], entities=True)
