"""One small bad input per code of level 0: it gives one clear incident, and what stands around it is read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dataset_builder.incidents import Incident, codes
from dataset_builder.readers.article import RECORD_LIMIT, Article
from dataset_builder.readers.reading import read
from tests.readers.pages import ATOM, BODY, NAVIGATION, RSS, TEXT, TITLE, doc, page

GOOD = json.dumps({"id": "1", "title": TITLE, "text": BODY}, ensure_ascii=False)


def line(**fields: object) -> str:
    return json.dumps({"id": "2", "title": TITLE, "text": BODY} | fields)


#: code → (file name, content, how many articles are read all the same, line)
CASES: dict[str, tuple[str, str | bytes, int, int]] = {
    "empty-file": ("a.txt", b"", 0, 0),
    "format-unknown": ("a.sgml", TEXT, 0, 0),
    "binary-file": ("a.txt", b"%PDF-1.4\n\0\1", 0, 0),
    "truncated-utf8": ("a.txt", TEXT.encode()[:-2], 0, 0),
    "undecodable": ("a.jsonl", GOOD.encode() + b'\n{"text":"\xff\xd9\x85\xd9\x85"}\n' + GOOD.encode(), 2, 2),
    "encoding-ambiguous": ("a.txt", "سادات".encode("cp1256"), 0, 0),
    "encoding-contradicted": ("a.html", b'<html><meta charset="utf-8">' + BODY.encode("cp1256"), 0, 0),
    "nul-character": ("a.jsonl", f"{GOOD}\n{line(text=BODY + chr(0))}\n{GOOD}", 2, 2),
    "lone-surrogate": ("a.jsonl", f'{GOOD}\n{line(text=BODY)[:-2]}\\ud800"}}\n{GOOD}', 2, 2),
    "no-text": ("a.html", NAVIGATION, 0, 0),
    "not-arabic": ("a.jsonl", f"{GOOD}\n{line(text='Licensed under the Apache License')}", 1, 2),
    "record-too-long": ("a.jsonl", f"{GOOD}\n{line(text='ب' * RECORD_LIMIT)}\n{GOOD}", 2, 2),
    "record-broken": ("a.jsonl", f"{GOOD}\n{GOOD[:-9]}\n{GOOD}\n", 2, 2),
    "field-missing": ("a.jsonl", f"{GOOD}\n{json.dumps({'id': '3', 'corpus': BODY})}\n{GOOD}", 2, 2),
    "date-unknown": ("a.jsonl", f"{GOOD}\n{line(date='5 رجب 1446')}", 2, 2),
    "feed-malformed": ("a.rss", RSS.replace("</channel></rss>", ""), 2, 0),
}


@pytest.mark.parametrize("code", CASES)
def test_bad_input_is_one_incident_and_the_rest_goes_on(code: str, tmp_path: Path) -> None:
    name, content, articles, number = CASES[code]
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(read(path))
    incidents = [x for x in found if isinstance(x, Incident) and x.code == code]
    assert [(i.path, i.line) for i in incidents] == [(str(path), number)], found
    assert sum(isinstance(x, Article) for x in found) == articles
    assert "\n" not in str(incidents[0])
    assert incidents[0].about.level == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("open.sgml", doc() + doc()[:-8] + doc()),
        ("untitled.sgml", doc() + doc().replace("TITLE>", "HEAD>") + doc()),
        ("cells.csv", f"id,title,text\n1,{TITLE},{BODY.splitlines()[0]}\n2,{TITLE}\n"),
        ("quote.csv", f'id,title,text\n1,{TITLE},نص\n2,"{TITLE}"x,نص\n3,{TITLE},نص\n'),
        ("list.jsonl", f"{GOOD}\n[1]\n{GOOD}"),
        ("type.jsonl", f"{GOOD}\n{line(text=['a'])}\n{GOOD}"),
        ("deep.jsonl", f"{GOOD}\n{'[' * 100_000}\n{GOOD}"),
        ("cut.parquet", b"PAR1 and no more"),
        ("cut.warc", "WARC it is not"),
        ("nothing.csv", "id,title\n1,2\n"),
    ],
)
def test_a_broken_record_costs_only_itself(name: str, content: str | bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(read(path))
    incidents = [x for x in found if isinstance(x, Incident)]
    assert len(incidents) == 1, found
    assert incidents[0].code in ("record-broken", "field-missing")
    articles = len(found) - 1
    assert articles == {"cut.parquet": 0, "cut.warc": 0, "nothing.csv": 0, "cells.csv": 1}.get(name, 2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,title,text\n"),
        ("b.csv", f"id,text,title1,{TITLE},نص\n\n"),
        ("c.jsonl", "\n \n"),
        ("d.parquet", ""),
    ],
)
def test_a_file_without_any_record_is_told(name: str, content: str, tmp_path: Path) -> None:
    """As where an export found nothing, or the line end behind the names of columns was lost."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / name
    if name.endswith(".parquet"):
        pq.write_table(pa.table({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())}), path)
    else:
        path.write_text(content, "utf8")
    (found,) = read(path)
    assert isinstance(found, Incident) and (found.code, found.fact) == ("empty-file", "there is no record in it")


def test_a_line_of_50_mb_is_passed_over_without_holding_it(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(GOOD.encode() + b'\n{"text":"')
        for _ in range(50):
            file.write(b"x" * 2**20)
        file.write(b'"}\n' + GOOD.encode())
    found = list(read(path))
    assert [isinstance(x, Article) for x in found] == [True, False, True]
    assert "52,428,812 bytes" in str(found[1])


WHOLE = {
    "a.html": page().encode(),
    "b.html": page("windows-1256").encode("cp1256"),
    "c.xml": RSS.encode(),
    "d.atom": ATOM.encode(),
    "e.sgml": (doc() + doc()).encode(),
    "f.jsonl": f"{GOOD}\n{GOOD}\n".encode(),
    "g.csv": f'id,title,text,url\n1,{TITLE},"{BODY}",http://x\n'.encode(),
    "h.txt": TEXT.encode("utf-16"),
}
DAMAGE = st.binary(max_size=4) | st.sampled_from(
    [b"&#0;", b"&#xd800;", b"\\ud800", b"<![CDATA[", b'"', b"\x0b", b"<svg>"]
)


@pytest.mark.parametrize("name", WHOLE)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(where=0.043, taken=1, put=b"")  # the CSV's line end behind the names of its columns
@given(where=st.floats(0, 1), taken=st.integers(0, 40), put=DAMAGE)
def test_a_damaged_file_gives_articles_and_incidents_and_never_a_traceback(
    name: str, where: float, taken: int, put: bytes, tmp_path: Path
) -> None:
    at = int(where * len(WHOLE[name]))
    (tmp_path / name).write_bytes(WHOLE[name][:at] + put + WHOLE[name][at + taken :])
    found = list(read(tmp_path / name))
    assert found
    for one in found:
        if isinstance(one, Article):
            assert "\0" not in one.text and one.text.encode("utf8").decode("utf8") == one.text


def test_paths_that_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert [str(x) for x in read(tmp_path / "empty")] == [
        f"{tmp_path}/empty: error[L0 empty-folder] there is no file in it"
    ]
    assert [x.code for x in read(tmp_path / "none.txt") if isinstance(x, Incident)] == ["unreadable-file"]


def test_every_code_of_the_readers_has_its_example() -> None:
    elsewhere = {"empty-folder", "unreadable-file", "file-skipped", "records-skipped"}
    ingest = {"text-changed", "text-file-differs", "text-too-short"}
    names = list(codes())
    mine = names[names.index("empty-file") : names.index("feed-malformed") + 1]
    assert set(mine) - set(CASES) == elsewhere
    assert ingest <= set(names)
