"""Every format on real files, each with what surrounds an article in it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.errors import UsageError
from dataset_builder.incidents import Incident
from dataset_builder.readers.article import Article, Options
from dataset_builder.readers.reading import FORMATS, read
from tests.readers.pages import ATOM, BODY, BOILERPLATE, FIRST, NAVIGATION, RSS, SECOND, TEXT, TITLE, doc, page


def parted(
    path: Path, format: str | None = None, options: Options | None = None
) -> tuple[list[Article], list[Incident]]:
    found = list(read(path, format, options))
    return [a for a in found if isinstance(a, Article)], [i for i in found if isinstance(i, Incident)]


def only(path: Path, format: str | None = None, options: Options | None = None) -> Article:
    articles, incidents = parted(path, format, options)
    assert not incidents and len(articles) == 1, (articles, incidents)
    return articles[0]


def test_plain_text_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a-17.txt"
    path.write_bytes(("\ufeff" + TEXT.replace("\n", "\r\n") + "\r\n").encode())
    article = only(path)
    assert (article.text, article.title) == (TEXT + "\n", TITLE)
    assert (article.locator, article.reader, article.encoding, article.raw_is) == ("a-17", "plain/1", "utf-8", "file")
    start = article.text.index(SECOND)
    first, last = article.raw_span(start, start + len(SECOND))
    assert path.read_bytes().decode()[first:last] == SECOND


def test_the_seed_article_is_its_own_canonical_text(shared_raw: Path) -> None:
    path = shared_raw / "000_96f747cc30f1cb0f.txt"
    article = only(path)
    assert article.text == path.read_bytes().decode()
    assert article.title == article.text.split("\n")[0]


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1256"])
def test_a_page_gives_the_article_and_no_word_of_its_wrapping(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(page("windows-1256" if codec == "cp1256" else codec).encode(codec))
    article = only(path)
    assert article.text == TEXT
    assert not [word for word in BOILERPLATE if word in article.text]
    assert (article.title, article.published, article.outlet) == (TITLE, "2024-12-10T09:30:00+03:00", "المرصاد نيوز")
    assert article.encoding == {"utf-8": "utf-8", "utf-16": "utf-16-le", "cp1256": "windows-1256"}[codec]
    assert article.reader.startswith("html/1+trafilatura-")


def test_a_page_with_line_breaks_for_paragraphs_keeps_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "page.htm"
    path.write_text(page(body=f"{FIRST}<br><br>{SECOND}"), encoding="utf8")
    assert only(path).text == TEXT


def test_linked_data_dates_a_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    data = json.dumps({"@graph": [{"@type": "NewsArticle", "datePublished": "2024-12-11T10:00:00Z"}]})
    script = f'<script type="application/ld+json">{data}</script></head>'
    path.write_text(page().replace("</head>", script), encoding="utf8")
    assert only(path).published == "2024-12-11T10:00:00+00:00"


ROW = {"id": "n-5", "headline": TITLE, "content": BODY, "date": "10 كانون الأول 2024", "link": "https://example.org/5"}


def check_row(article: Article, reader: str) -> None:
    assert (article.text, article.title, article.locator) == (TEXT, TITLE, "n-5")
    assert (article.published, article.url, article.reader) == ("2024-12-10", "https://example.org/5", reader)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_jsonl(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes((json.dumps(ROW, ensure_ascii=False) + "\n").encode(codec))
    check_row(only(path), "jsonl/1")


@pytest.mark.parametrize(("codec", "delimiter"), [("utf-8-sig", ","), ("cp1256", ";"), ("utf-8", "\t")])
def test_csv(codec: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    table = io.StringIO(newline="")
    csv.writer(table, delimiter=delimiter).writerows([list(ROW), list(ROW.values())])
    path.write_bytes(table.getvalue().encode(codec))
    article = only(path)
    check_row(article, "csv/1")
    assert article.line == 2


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(
        pa.Table.from_pylist([{**ROW, "date": datetime(2024, 12, 10, 8)}, {**ROW, "date": None, "content": None}]), path
    )
    articles, incidents = parted(path)
    assert (articles[0].text, articles[0].published) == (TEXT, "2024-12-10T08:00:00")
    assert articles[1].text == "" and [i.code for i in incidents] == ["no-text"]


def test_columns_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"t": TITLE, "text": "x", "مادة": BODY}), encoding="utf8")
    assert only(path, options=Options(columns={"text": "مادة", "title": "t"})).text == TEXT


def test_sgml(tmp_path: Path) -> None:
    path = tmp_path / "docs.txt"
    path.write_text(
        doc() + doc("JA-localNews-8-20170602", abstract=SECOND, text=FIRST), encoding="utf8", newline="\r\n"
    )
    first, second = parted(path)[0]
    assert (first.text, first.title, first.published) == (TEXT, TITLE, "2017-06-01")
    assert (first.locator, first.outlet, first.reader) == ("JA-localNews-7-20170601", "Example FM", "ant/1")
    # An abstract that the body does not begin with stays, between title and body.
    assert second.text == f"{TITLE}\n{SECOND}\n{FIRST}"
    assert (first.line, second.line) == (1, 17)
    raw = path.read_bytes().decode()
    start = second.text.index(FIRST)
    assert raw[slice(*second.raw_span(start, start + len(FIRST)))] == FIRST
    assert second.raw_span(start, start + len(FIRST))[0] > raw.index("localNews-8")


def test_sgml_abstract_is_dropped_whatever_white_space_it_has(tmp_path: Path) -> None:
    path = tmp_path / "docs.sgml"
    path.write_text(doc(abstract=FIRST.replace(" ", "  \n"), text=f"  {BODY}\n\n"), encoding="utf8")
    assert only(path).text == TEXT


def test_sgml_without_text_takes_the_abstract_or_stays_as_an_empty_record(tmp_path: Path) -> None:
    path = tmp_path / "docs.sgml"
    path.write_text(doc(text="") + doc("JA-localNews-9-20170602", abstract="", text="\n"), encoding="utf8")
    articles, incidents = parted(path)
    assert [a.text for a in articles] == [f"{TITLE}\n{FIRST}", ""]
    assert [(i.code, i.line) for i in incidents] == [("no-text", 16)]


def test_all_of_ant(shared_raw: Path) -> None:
    articles, incidents = parted(shared_raw / "ant")
    assert len(articles) == 350
    assert [i.code for i in incidents] == ["no-text", "file-skipped"]
    assert len({a.text for a in articles}) == 345
    assert all(a.published and a.text.startswith(a.title) for a in articles if a.text)
    for number, length in ((0, 588), (9, 1070), (349, 340)):
        assert len(articles[number].text) == length, number


def write_warc(path: Path, responses: list[tuple[str, str, str, bytes]]) -> None:
    """The archive as a crawler writes it: a warcinfo record, then a response each, every record its own gzip member."""
    records = [record("warcinfo", "", "application/warc-fields", b"software: test\r\n")]
    for url, status, kind, body in responses:
        answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        records.append(record("response", url, "application/http; msgtype=response", answer))
    path.write_bytes(b"".join(gzip.compress(r) if path.suffix == ".gz" else r for r in records))


def record(kind: str, url: str, content_type: str, body: bytes) -> bytes:
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\n{target}WARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, kind + url)}>\r\n"
        f"WARC-Date: 2024-12-10T10:00:00Z\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


RESPONSES = [
    ("https://example.org/news/4711", "200 OK", "text/html; charset=windows-1256", page("x").encode("cp1256")),
    ("https://example.org/logo.png", "200 OK", "image/png", b"\x89PNG\r\n"),
    ("https://example.org/gone", "404 Not Found", "text/html", page().encode()),
    ("https://example.org/menu", "200 OK", "text/html; charset=utf-8", NAVIGATION.encode()),
]


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_warc(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write_warc(path, RESPONSES)
    (article,), incidents = parted(path)
    assert (article.text, article.encoding, article.url) == (TEXT, "windows-1256", "https://example.org/news/4711")
    assert [(i.code, i.path.removeprefix(str(path))) for i in incidents] == [
        ("no-text", "#https://example.org/menu"),
        ("records-skipped", ""),
    ]
    assert incidents[1].fact == "no pages: 1 image/png, 1 status 404, 1 warcinfo"


def packed(packing: str, body: bytes) -> bytes:
    if packing == "br":
        return brotli.compress(body)
    return gzip.compress(body) if packing == "gzip" else zlib.compress(body)[2:-4] if packing == "deflate" else body


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "identity"])
def test_a_packed_and_chunked_answer(packing: str, tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    whole = packed(packing, page().encode())
    for body, read_well in ((whole, True), (whole[: len(whole) - 40], packing == "identity")):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {packing}\r\n"
        chunks = f"Transfer-Encoding: chunked\r\n\r\n{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        path.write_bytes(record("response", "https://example.org/1", "application/http", head.encode() + chunks))
        articles, incidents = parted(path)
        assert [a.text for a in articles] == ([TEXT] if read_well else [])
        assert [i.code for i in incidents] == ([] if read_well else ["record-broken"])


def test_an_answer_that_says_gzip_and_is_plain(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    write_warc(path, [("https://example.org/1", "200 OK\r\nContent-Encoding: gzip", "text/html", page().encode())])
    assert [a.text for a in parted(path)[0]] == [TEXT]


@pytest.mark.parametrize("keep", [0.56, 0.6, 0.9, 0.98])
@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_a_page_that_lost_its_end_is_none_and_those_before_it_stay(name: str, keep: float, tmp_path: Path) -> None:
    path = tmp_path / name
    write_warc(path, [RESPONSES[0], ("https://example.org/2", *RESPONSES[0][1:])])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    articles, incidents = parted(path)
    assert [a.text for a in articles] == [TEXT]
    assert [i.code for i in incidents] == ["record-broken"]


@pytest.mark.parametrize("codec", ["utf-8", "cp1256"])
def test_rss(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(RSS.replace("UTF-8", "windows-1256" if codec == "cp1256" else codec).encode(codec))
    articles, incidents = parted(path)
    assert [(a.text, a.reader, a.locator) for a in articles] == [
        (TEXT, "feed/1", "item-4711"),
        (f"خبر ثان قصير\n{FIRST}", "feed-summary/1", "https://example.org/news/4712"),
    ]
    assert articles[0].published == "2024-12-10T09:30:00+03:00"
    assert articles[0].outlet == "المرصاد نيوز"
    assert [i.code for i in incidents] == ["date-unknown", "no-text"]


def test_atom(tmp_path: Path) -> None:
    path = tmp_path / "feed.atom"
    path.write_text(ATOM, encoding="utf8")
    article = only(path)
    assert (article.text, article.published, article.locator) == (
        TEXT,
        "2024-12-10T09:30:00+00:00",
        "tag:example.org,2024:1",
    )


@pytest.mark.parametrize(
    ("content", "format"),
    [(TEXT, "plain"), (page(), "html"), (doc(), "sgml"), (RSS, "feed"), (ATOM, "feed"), (json.dumps(ROW), "jsonl")],
)
def test_a_format_is_recognised_without_its_suffix(content: str, format: str, tmp_path: Path) -> None:
    path = tmp_path / "article"
    path.write_text(content, encoding="utf8")
    found, named = list(read(path)), list(read(path, format))
    assert found == named
    assert isinstance(found[0], Article) and found[0].text


def test_a_folder_is_walked_in_order_and_what_is_passed_over_is_told(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a/1.txt", "LICENSE", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf8")
    found = list(read(tmp_path))
    assert [getattr(x, "locator", getattr(x, "code", "")) for x in found] == ["file-skipped", "1", "2"]


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no format 'jsnl'; did you mean 'jsonl'"):
        list(read(tmp_path, "jsnl"))
    assert len(FORMATS) == 8


def test_gzip_that_is_no_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(TEXT.encode()))
    assert [i.code for i in parted(path)[1]] == ["binary-file"]
