"""Results of rows, run again and compared, and the tables made from them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dataset_builder.baselines import table
from dataset_builder.commands.reproduce import _possible, _told
from dataset_builder.curation.benchmark import tracks_needing_texts
from dataset_builder.errors import DataError
from dataset_builder.release.leaderboard import Result, differences, is_close, leaderboard, read_results
from tests.cli import khabar
from tests.samples import make_checkout


def _result(system: str, f1: float, **values: object) -> Result:
    main = {"f1": f1, "low": f1 - 0.05, "high": f1 + 0.05}
    figures = {"main": "strict", "measures": {"strict": main}}
    result = Result(system, ("composed",), "press", "entities", "sig-a", 0, "0" * 64, 3, figures)
    return replace(result, **values)  # type: ignore[arg-type]


def test_the_better_row_stands_first_and_another_signature_is_marked() -> None:
    results = [_result("a", 0.4), _result("b", 0.6), _result("c", 0.5, signature="sig-b")]
    lines = leaderboard(results).splitlines()
    assert [line.split(" | ")[0] for line in lines[-3:]] == ["| b", "| c", "| a"]
    assert "60.0 (55.0–65.0)" in lines[-3] and "50.0* (" in lines[-2]
    assert "`khabar reproduce b/composed-press`" in lines[-3]
    assert leaderboard([]) == ""


def test_rows_that_need_a_text_say_so() -> None:
    """Learned from or tested on a track whose texts are not here; every row keeps its one command."""
    results = [_result("a", 0.4), _result("b", 0.5, test="composed"), _result("c", 0.6, train=("composed", "press"))]
    lines = [line for line in leaderboard(results, {"press"}).splitlines() if "khabar reproduce" in line]
    assert [line.endswith("(needs text) |") for line in lines] == [False, True, True]
    assert all(line.count("`khabar reproduce ") == 1 for line in lines)
    assert "needs text" not in leaderboard(results, {"other"})


def test_without_texts_all_other_rows_run(tmp_path: Path) -> None:
    """In a fresh clone `khabar reproduce` runs what it can and names the rest; hydrated, nothing needs a text."""
    corpus = make_checkout(tmp_path / "checkout")
    assert khabar(corpus, "reproduce", "memory/composed-composed", "--write").code == 0
    _result("memory", 0.5, train=("referenced",), test="composed").write(corpus.root)
    done = khabar(corpus, "reproduce")
    assert done.code == 0 and done.out.count("as stored") == 6, done.out + done.err
    assert "memory/referenced-composed: left out, it needs text" in done.err
    shown = khabar(corpus, "leaderboard").out
    assert "`khabar reproduce memory/referenced-composed` (needs text)" in shown and shown.count("needs text") == 1
    hydrated = make_checkout(tmp_path / "hydrated", hydrated=True)
    assert tracks_needing_texts(hydrated) == {"referenced"} == tracks_needing_texts(corpus, here=True)
    assert tracks_needing_texts(hydrated, here=True) == set()


def test_differences_are_named_and_seconds_are_none() -> None:
    one = _result("a", 0.4)
    assert differences(one, replace(one, hardware="other", train_seconds=9.0)) == []
    found = differences(one, _result("a", 0.41, predictions_sha256="1" * 64))
    assert any("predictions_sha256" in text for text in found)
    assert any("entities.measures.strict.f1: 0.4 was stored, now it is 0.41" in text for text in found)


def test_a_row_of_an_older_scorer_says_what_differs_and_another_code_alone_is_none() -> None:
    """The parts of the signature by name; what the older record has not is no difference, what it has is one."""
    old = _result("a", 0.4, signature="task:entities|data:1.0.0|scorer:2", code="0.1")
    assert differences(old, replace(old, code="0.2")) == []
    figures = {**old.figures, "muc": {"strict": {"correct": 3}}}
    new = replace(old, signature="task:entities|data:1.0.0|gold:ab12|scorer:3", code="0.2", figures=figures)
    named = [
        "signature: gold: nothing was stored, now it is ab12",
        "signature: scorer: 2 was stored, now it is 3",
        "code: stored by version 0.1, run by 0.2",
    ]
    assert differences(old, new) == named
    changed = replace(
        new, figures={**figures, "measures": {"strict": {**old.figures["measures"]["strict"], "f1": 0.5}}}
    )
    assert "entities.measures.strict.f1: 0.4 was stored, now it is 0.5" in differences(old, changed)
    # Under one signature a figure that is new or gone is a difference.
    assert len(differences(old, replace(old, figures=figures))) == 1


def test_results_are_where_they_belong(tmp_path: Path) -> None:
    result = _result("a", 0.4)
    assert result.write(tmp_path) and not result.write(tmp_path)
    assert read_results(tmp_path) == [result]
    path = tmp_path / result.path
    path.rename(path.with_name("events.json"))
    with pytest.raises(DataError, match="move it there"):
        read_results(tmp_path)
    path.with_name("events.json").write_text("{}", "utf8")
    with pytest.raises(DataError, match="no result that can be read"):
        read_results(tmp_path)


def test_a_row_runs_again_with_the_same_figures(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    assert khabar(corpus, "reproduce", "memory/composed-composed", "--write").code == 0
    again = khabar(corpus, "reproduce")
    assert again.code == 0 and again.out.count("as stored") == 6, again.out
    assert "`khabar reproduce memory/composed-composed`" in khabar(corpus, "leaderboard").out
    path = corpus.root / "results" / "memory" / "composed-composed" / "entities.json"
    stored = json.loads(path.read_text("utf8"))
    stored["figures"]["measures"]["strict"]["gold"] += 1
    path.write_text(json.dumps(stored), "utf8")
    changed = khabar(corpus, "reproduce", "memory/composed-composed")
    assert changed.code == 1 and "NOT as stored" in changed.out
    assert "is no row" in khabar(corpus, "reproduce", "memory").err
    nothing = khabar(corpus, "reproduce", "--without", "memory")
    assert (nothing.code, nothing.out) == (0, "")
    assert "memory" in khabar(corpus, "reproduce", "--without", "memori").err


def test_a_network_that_learned_a_little_otherwise_stands_for_the_same() -> None:
    """Stored 50.0 (45.0-55.0): 54 lies inside, 56 does not, and with another seed nothing is close."""
    stored = _result("encoder", 0.5)
    assert is_close(stored, _result("encoder", 0.54, predictions_sha256="1" * 64))
    assert not is_close(stored, _result("encoder", 0.56))
    assert not is_close(stored, _result("encoder", 0.5, seed=1))
    assert not is_close(stored, _result("encoder", 0.5, signature="sig-b"))


def test_only_a_system_on_an_encoder_may_differ(capsys: pytest.CaptureFixture[str]) -> None:
    for system, said, same in (("encoder", "inside the stored interval", True), ("crf", "NOT as stored", False)):
        stored = _result(system, 0.5)
        assert _told(stored, stored) and "50.0, as stored" in capsys.readouterr().out
        assert _told(stored, _result(system, 0.54)) == same
        assert f"54.0, {said}" in capsys.readouterr().out


def test_rows_of_an_encoder_are_left_out_where_its_packages_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = make_checkout(tmp_path)
    rows = [_result(name, 0.5, test="composed") for name in ("memory", "stack")]
    monkeypatch.setattr(table, "find_spec", lambda name: None if name == "torch" else object())
    assert _possible(rows, corpus) == ["memory/composed-composed"]
    assert "stack/composed-composed: left out, it needs torch" in capsys.readouterr().err
