"""Adding articles to a source: which are new, which are there already, which repeat another, which cannot be taken.

Texts are written one by one, the manifest once and last. Breaking off in the middle therefore loses nothing: a text
without a record is found equal and taken again by the next run.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dataset_builder.anchoring import folded_sha256, make_windows
from dataset_builder.codec import encode_manifest
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.errors import KhabarError, UsageError, unknown
from dataset_builder.files import write_atomic
from dataset_builder.incidents import Incident
from dataset_builder.model import Document
from dataset_builder.readers.article import Article
from dataset_builder.readers.urls import bare, identifies, shows_words

_SOURCE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_SLUG = 60


@dataclass(frozen=True)
class Terms:
    """What holds for all articles of one run; `outlet` is an id of outlets.jsonl, or "" to go by each article."""

    source: str
    availability: str = "referenced"
    licence: str = ""
    outlet: str = ""

    @property
    def is_included(self) -> bool:
        return self.availability == "included"


@dataclass
class Outcome:
    """What became of the articles; every one is in exactly one list, save that `excluded` ones have an incident too."""

    taken: list[Document] = field(default_factory=list)
    repeats: list[Document] = field(default_factory=list)
    excluded: list[Document] = field(default_factory=list)
    known: list[Document] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    #: Names of outlets that outlets.jsonl does not have, which the records therefore leave out.
    unknown_outlets: set[str] = field(default_factory=set)

    @property
    def refused(self) -> int:
        """How many errors stand for an article that is in no list; a record without text is in one, and has one."""
        textless = sum(document.excluded == "empty" for document in (*self.excluded, *self.known))
        return sum(incident.is_error for incident in self.incidents) - textless

    @property
    def changes(self) -> bool:
        return bool(self.taken or self.repeats or self.excluded)


def ingest(corpus: Corpus, articles: Iterable[Article | Incident], terms: Terms, *, check: bool = False) -> Outcome:
    """Add articles to `annotations/documents/<source>.jsonl` and their texts to `articles/<source>/`.

    With `check`, nothing is written. Raises UsageError where the terms do not fit the checkout.
    """
    _check_terms(corpus, terms)
    path = corpus.manifest_path(terms.source)
    before = path.read_bytes() if path.is_file() else b""
    intake = _Intake(corpus, terms, check)
    for article in articles:
        if isinstance(article, Incident):
            intake.outcome.incidents.append(article)
        else:
            intake.add(article)
    if intake.outcome.changes and not check:
        if before != (path.read_bytes() if path.is_file() else b""):
            raise KhabarError(
                f"{corpus.relative(path)}: another run changed it meanwhile; run this again, it takes what is missing"
            )
        write_atomic(path, encode_manifest(intake.documents.values()))
    return intake.outcome


def _check_terms(corpus: Corpus, terms: Terms) -> None:
    if not _SOURCE.fullmatch(terms.source):
        raise UsageError(f"source {terms.source!r} is no id; use a-z, 0-9 and single hyphens, as in 'ant'")
    if terms.availability not in ("included", "referenced"):
        raise unknown("availability", terms.availability, ("included", "referenced"))
    if terms.is_included and not terms.licence:
        raise UsageError("a text that is included needs the licence under which it may be published; give --licence")
    if terms.outlet and terms.outlet not in corpus.outlets:
        raise unknown("outlet", terms.outlet, corpus.outlets)
    there = {d.availability for d in corpus.documents.values() if d.source == terms.source}
    if there - {terms.availability}:
        raise UsageError(f"source {terms.source} holds {there.pop()} texts; a source has one availability")


class _Intake:
    """The source's manifest as it grows, and what is needed to tell whether an article is in it."""

    def __init__(self, corpus: Corpus, terms: Terms, check: bool) -> None:
        self.corpus, self.terms, self.check = corpus, terms, check
        self.outcome = Outcome()
        self.documents = {d.id: d for d in corpus.documents.values() if d.source == terms.source}
        self.by_locator = {d.locator: d for d in self.documents.values() if d.locator}
        self.originals = {d.folded_sha256: d.id for d in self.documents.values() if not d.duplicate_of and d.length}
        # A title is the first line of an included text only; names of outlets are matched as the list writes them.
        self.outlets = {name: outlet.id for outlet in corpus.outlets.values() for name in (outlet.id, outlet.name)}

    def add(self, article: Article) -> None:
        """Take one article, or say why not."""
        locator = self._locator(article)
        id = document_id(self.terms.source, locator, article.text, self.documents)
        known = self.by_locator.get(locator) or (None if locator else self.documents.get(id))
        try:
            if known is None:
                self._take(self._record(id, locator, article), article)
            elif known.sha256 != sha256(article.text):
                raise _Unfit("text-changed", _changed(known, article))
            else:
                self._keep_text(known, article)
                self.outcome.known.append(known)
        except _Unfit as unfit:
            self.outcome.incidents.append(Incident(unfit.code, str(unfit), article.path, article.line))

    def _take(self, document: Document, article: Article) -> None:
        self._keep_text(document, article)
        self.documents[document.id] = document
        if document.locator:
            self.by_locator[document.locator] = document
        if document.excluded:
            self.outcome.excluded.append(document)
        elif document.duplicate_of:
            self.outcome.repeats.append(document)
            original = self.documents[document.duplicate_of]
            if original.sha256 == document.sha256:
                self._keep_text(original, article)  # whoever brings a repeat has the text of the original, too
        else:
            self.originals[document.folded_sha256] = document.id
            self.outcome.taken.append(document)

    def _record(self, id: str, locator: str, article: Article) -> Document:
        """The manifest record. Of a referenced text it holds no title and no address that spells it."""
        text = article.text
        folded = folded_sha256(text) if text else ""
        original = self.originals.get(folded, "") if text else ""
        included = self.terms.is_included
        try:
            windows = () if included or original or not text else make_windows(id, text)
        except KhabarError as error:
            raise _Unfit("text-too-short", str(error)) from None
        return Document(
            id=id,
            source=self.terms.source,
            availability=self.terms.availability,
            licence=self.terms.licence or "unknown",
            sha256=sha256(text),
            length=len(text),
            words=len(text.split()),
            reader=article.reader,
            encoding=article.encoding,
            locator=locator,
            url=article.url if included else bare(article.url),
            outlet=self._outlet(article),
            published=article.published,
            title=article.title if included else "",
            duplicate_of=original,
            excluded="" if text else "empty",
            folded_sha256=folded,
            windows=windows,
        )

    def _outlet(self, article: Article) -> str:
        found = self.terms.outlet or self.outlets.get(article.outlet, "")
        if article.outlet and not found:
            self.outcome.unknown_outlets.add(article.outlet)
        return found

    def _locator(self, article: Article) -> str:
        """The native id; of a referenced text without words, or "" where nothing else would be left of it."""
        if self.terms.is_included or not shows_words(article.locator):
            return article.locator
        short = bare(article.locator) if "://" in article.locator else ""
        return short if identifies(short) else ""

    def _keep_text(self, document: Document, article: Article) -> None:
        """Write the text where it is not there yet; another text in its place is never written over."""
        if document.duplicate_of or document.excluded or not article.text:
            return
        path = self.corpus.text_path(document)
        if not path.is_file():
            if not self.check:
                write_atomic(path, article.text)
        elif path.read_bytes() != article.text.encode("utf8"):
            raise _Unfit("text-file-differs", f"{self.corpus.relative(path)} holds another text; it was left as it is")


class _Unfit(Exception):  # noqa: N818 - a decision, as `readers.article.Refused` is
    """An article that is not taken: an incident code, and the fact."""

    def __init__(self, code: str, fact: str) -> None:
        super().__init__(fact)
        self.code = code


def _changed(known: Document, article: Article) -> str:
    """In what the text of a document that is there already differs, as far as can be said without showing it."""
    now = f"this one has {len(article.text):,} characters"
    by = "" if known.reader == article.reader else f", was read by {known.reader} and now by {article.reader}"
    return f"{known.id} ({known.locator or 'by its text'}) is there with another text of {known.length:,}{by}; {now}"


def document_id(source: str, locator: str, text: str, taken: Container[str]) -> str:
    """`<source>-<slug>`: the locator from its first number on, else all of it, else a hash of the text.

    >>> document_id("ant", "JA-internationalNews-100-20170129", "", [])
    'ant-100-20170129'
    >>> document_id("ant", "JA-internationalNews-100-20170129", "", ["ant-100-20170129"])
    'ant-ja-internationalnews-100-20170129'
    >>> document_id("web", "https://example.net/ar/article/106/76940", "", [])
    'web-106-76940'
    >>> document_id("web", "خبر", "نص", [])
    'web-e01176c2a059'
    """
    if locator.isascii():
        parts = urlsplit(locator)
        name = "/".join(parts[2:]) if parts.netloc else locator
        slug = "-".join(re.findall(r"[a-z0-9]+", name.lower()))
        for candidate in (re.sub(r"^(?:[a-z]+-)+(?=[a-z]*\d)", "", slug), slug):
            if candidate and len(candidate) <= _LONGEST_SLUG and f"{source}-{candidate}" not in taken:
                return f"{source}-{candidate}"
    return f"{source}-{sha256(text)[:12]}"
