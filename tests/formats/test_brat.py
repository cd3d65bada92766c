"""Files of brat as they really are: copied, noted on, with offsets of bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.curation.conversion import own_layer
from dataset_builder.errors import DataError
from dataset_builder.formats.foreign import Foreign
from tests.formats.files import TEXT, only, words


def brat(folder: Path, *lines: str, text: str = TEXT) -> Foreign:
    (folder / "a.txt").write_text(text, "utf8")
    return only("brat", folder / "a.ann", "\n".join(lines))


def test_findings_name_words_and_no_ids(tmp_path: Path) -> None:
    foreign = brat(tmp_path, "T1\tACTOR.STATE_FORCES 5 13\tالطائرات", "A1\tmention T1 loud")
    _, found = own_layer(foreign)
    (finding,) = [i for i in found if i.is_error]
    assert "STATE_FORCES «الطائرات» (5–13)" in finding.fact and finding.line == 0


def test_a_note_is_an_id_only_if_it_is_one_and_once(tmp_path: Path) -> None:
    foreign = brat(
        tmp_path,
        "T1\tAIR 0 4\tقصفت",
        "T2\tSTATE_FORCES 5 13\tالطائرات",
        "T3\tFACILITY 14 21\tسوق حلب",
        "#1\tAnnotatorNotes T1\ts0000000a",
        "#2\tAnnotatorNotes T2\ts0000000a",
        "#3\tAnnotatorNotes T3\tcheck",
        "#4\tAnnotatorNotes T3\ts0000000c",
    )
    assert list(foreign.read.by_id) == ["s0000000a", "T2", "s0000000c"] and foreign.read.found == []


def test_what_brat_says_and_nobody_reads_is_reported(tmp_path: Path) -> None:
    foreign = brat(
        tmp_path,
        "T1\tAIR 0 4\tقصفت",
        f"T2\tAIR 0 {'9' * 5000}\tقصفت",
        "T3\tNOBODY 5 13\tالطائرات",
        "R1\tAGENT T1 T3",
        "A1\tstatus",
        "A2\tstatus T3 occurred",
        "R2\tNO Arg1:T1 Arg2:T1",
        "M1\tstatus T1 occurred",
    )
    facts = [(i.code, i.fact) for i in foreign.read.found]
    assert [code for code, _ in facts] == ["region-offsets", "region-label"] + ["region-left-out"] * 4
    wanted = ("line 2", "NOBODY", "line 4", "line 5", "said of T3", "'NO'")
    assert all(part in fact for part, (_, fact) in zip(wanted, facts, strict=True))
    assert foreign.read.by_id["T1"].attributes == {"status": "occurred"}


def test_words_of_brat_that_are_not_those_of_the_text_are_an_error(tmp_path: Path) -> None:
    """As where offsets were counted in bytes; white space may differ."""
    foreign = brat(tmp_path, "T1\tFACILITY 14 21\tسوق  حلب", "T2\tAIR 0 4\tقصف", "T3\tSTATE_FORCES 5 13")
    assert [(i.code, i.is_error) for i in foreign.read.found] == [("surface-mismatch", True)]
    assert "'قصف' there, the text has 'قصفت'" in foreign.read.found[0].fact


def test_a_byte_order_mark_is_dropped_or_refused_where_it_shifts_offsets(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf8")
    assert words(only("brat", tmp_path / "a.ann", "\ufeffT1\tAIR 0 4\tقصفت")) == ["قصفت"]
    assert only("conll", tmp_path / "a.conll", "\ufeffزار O\n").text == "زار"
    with pytest.raises(DataError, match=r"a\.txt: begins with a byte order mark"):
        brat(tmp_path, "T1\tAIR 0 4\tقصفت", text="\ufeff" + TEXT)
