"""What a contribution changes, in words."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from dataset_builder.corpus import Corpus
from dataset_builder.curation.diff import changes, decision_changes
from dataset_builder.decisions import Decision, encode_decisions
from dataset_builder.files import write_atomic
from dataset_builder.model import Claim, Layer, Relation, Span
from tests.cli import khabar
from tests.samples import COUNCIL, make_checkout

TEXT = "قصفت الطائرات السوق"
OLD = Layer(
    "d1",
    "1.0",
    len(TEXT),
    "",
    ("EVENT", "ACTOR", "CLAIM"),
    spans=(
        Span("s1", "EVENT", "AIR", 0, 4, {"status": "occurred"}),
        Span("s2", "ACTOR", "STATE_FORCES", 5, 13),
        Span("s3", "CLAIM", "CONTENT", 0, 19),
    ),
    relations=(Relation("r1", "AGENT", "s1", "s2"),),
    claims=(Claim("c1", None, None, ("s3",), "indirect", "say", "implicit"),),
)


def said(old: Layer | None, new: Layer | None, text: str | None = TEXT) -> list[str]:
    return [str(change) for change in changes(old, new, text)]


def test_every_kind_of_change_is_said() -> None:
    """The event gets another code and a date, the actor is cut short, the agent goes, the claim is a denial of his."""
    event = Span("s1", "EVENT", "SHELLING", 0, 4, {"status": "occurred", "date": "2020"})
    spans = (
        event,
        Span("s2", "ACTOR", "STATE_FORCES", 7, 13),
        OLD.spans[2],
        Span("s4", "LOCATION", "FACILITY", 14, 19),
    )
    claims = (replace(OLD.claims[0], source="s2", act="deny", source_status="named"),)
    new = replace(OLD, layers=("EVENT", "ACTOR", "LOCATION", "CLAIM"), spans=spans, relations=(), claims=claims)
    assert said(OLD, new) == [
        "added layer LOCATION: it counts as annotated now",
        "removed AGENT from «قصفت» to «الطائرات»",
        "changed EVENT «قصفت» (0–4): label AIR → SHELLING, date – → 2020",
        "changed ACTOR «طائرات» (7–13): place 5–13 → 7–13",
        "added LOCATION «السوق» (14–19): FACILITY",
        "changed claim of «طائرات», –: «قصفت الطائرات السوق»: source – → «طائرات», act say → deny, "
        "source_status implicit → named",
    ]


def test_nothing_and_everything() -> None:
    assert said(OLD, OLD) == []
    assert [line.split(" ", 2)[:2] for line in said(None, OLD)] == [
        ["added", "CLAIM"],
        ["added", "EVENT"],
        ["added", "ACTOR"],
        ["added", "AGENT"],
        ["added", "claim"],
    ]
    assert len(said(OLD, None)) == 5


def test_without_a_text_places_stand_for_words() -> None:
    changed = replace(OLD, spans=(OLD.spans[0], Span("s2", "ACTOR", "STATE", 5, 13), OLD.spans[2]))
    assert said(OLD, changed, None) == ["changed ACTOR 5–13: label STATE_FORCES → STATE"]


def test_places_are_said_where_words_are_the_same() -> None:
    """The first السوق is the place no longer, the second is; both read alike. Then the same place under another id."""
    text = "السوق قصف السوق"
    spans = (
        Span("s1", "EVENT", "AIR", 6, 9),
        Span("s2", "LOCATION", "FACILITY", 0, 5),
        Span("s3", "LOCATION", "FACILITY", 10, 15),
    )
    old = Layer("d1", "1.0", len(text), "", ("EVENT", "LOCATION"), spans, (Relation("r1", "PLACE", "s1", "s2"),))
    assert said(old, replace(old, relations=(Relation("r1", "PLACE", "s1", "s3"),)), text) == [
        "changed PLACE from «قصف» to «السوق»: to «السوق» (0–5) → «السوق» (10–15)"
    ]
    anew = replace(old, spans=(*spans[:2], Span("s4", "LOCATION", "REGION", 0, 5), spans[2]))
    assert said(old, replace(anew, relations=(Relation("r1", "PLACE", "s1", "s4"),)), text) == [
        "added LOCATION «السوق» (0–5): REGION",
        "changed PLACE from «قصف» to «السوق»: to «السوق» (0–5) s2 → «السوق» (0–5) s4",
    ]


def test_a_span_that_moved_is_said_once() -> None:
    """What leads to it leads to it still."""
    moved = replace(OLD, spans=(OLD.spans[0], replace(OLD.spans[1], start=7), OLD.spans[2]))
    assert said(OLD, moved) == ["changed ACTOR «طائرات» (7–13): place 5–13 → 7–13"]


def test_what_is_said_of_the_whole_layer_and_checksums() -> None:
    assert said(OLD, replace(OLD, annotator="amal", schema="1.1")) == [
        "changed header: schema 1.0 → 1.1",
        "changed header: annotator – → amal",
    ]
    words = replace(OLD, spans=(replace(OLD.spans[0], text="قصفت"), *OLD.spans[1:]))
    assert said(OLD, words) == ["changed EVENT «قصفت» (0–4): its stored words or digest alone"]


def test_decisions_are_said_with_words() -> None:
    """One is new, one was answered anew by somebody else, one is gone; the third stays and is not said."""
    one, two, three, four = (
        Decision("ACTOR STATE_FORCES 5-13", "yes", "karim"),
        Decision("EVENT AIR 0-4 status", "negated", "karim"),
        Decision("EVENT AIR 0-4 AGENT ACTOR STATE_FORCES 5-13", "yes", "karim"),
        Decision("EVENT AIR 0-4 killed", "", "karim"),
    )
    old = {d.question: d for d in (two, three, four)}
    new = {d.question: d for d in (one, replace(two, answer="occurred", by="nour"), three)}
    assert [str(change) for change in decision_changes(old, new, TEXT)] == [
        "changed EVENT AIR «قصفت» (0–4) status: negated → occurred, by karim → nour",
        "removed EVENT AIR «قصفت» (0–4) killed: –, by karim",
        "added ACTOR STATE_FORCES «الطائرات» (5–13): yes, by karim",
    ]
    assert str(next(decision_changes({}, {"q": three}, None))) == (
        "added EVENT AIR 0–4 AGENT ACTOR STATE_FORCES 5–13: yes, by karim"
    )


def test_the_command_says_what_changed_in_decisions(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *arguments], cwd=corpus.root, check=True)
    path = corpus.decisions_path(corpus.document("composed-9001-a"))
    made = Decision("EVENT CONDEMN 13-17", "yes", "karim")
    write_atomic(path, encode_decisions({made.question: made}))
    assert khabar(corpus, "diff").out == (
        "composed-9001-a (decisions): new, 1 added, 0 removed, 0 changed\n"
        f"  added EVENT CONDEMN «{COUNCIL[13:17]}» (13–17): yes, by karim\n"
        "1 files of decisions differ from HEAD\n"
    )
    path.write_text("{", "utf8")
    done = khabar(corpus, "diff")
    assert done.code == 1 and "composed-9001-a (decisions): can't be read" in done.out and "bad-json" in done.err


def test_the_command_compares_with_a_commit(tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *arguments], cwd=corpus.root, check=True)
    assert khabar(corpus, "diff").out == "no annotation differs from HEAD\n"
    layer = corpus.layer("composed-9001-a")
    corpus.write_layer(replace(layer, claims=layer.claims[:-1]))
    corpus.write_layer(replace(layer, annotator="amal", guidelines="0" * 16), "passes/amal")
    done = khabar(corpus, "diff")
    assert "composed-9001-a (gold): 0 added, 1 removed, 0 changed\n  removed claim of" in done.out
    assert "composed-9001-a (passes/amal): new, " in done.out and done.out.endswith("2 layers differ from HEAD\n")
    assert COUNCIL.split("\n")[0].split()[0] in done.out
    wrong = khabar(corpus, "diff", "nowhere")
    assert wrong.code == 2 and "git knows no commit 'nowhere'" in wrong.err
    (Corpus(corpus.root).layer_path(corpus.document("composed-9001-b"), "gold")).unlink()
    assert "composed-9001-b (gold): gone, 0 added" in khabar(corpus, "diff", "--summary").out


def test_the_command_reads_whatever_is_called_whatever(tmp_path: Path) -> None:
    """A layer that moved is one gone and one new; a broken one is said; an option is no commit."""
    corpus = make_checkout(tmp_path / "checkout")

    def git(*arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *arguments], cwd=corpus.root, check=True)

    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"], ["config", "diff.renames", "copies"]):
        git(*arguments)
    gold = corpus.root / "annotations" / "gold" / "composed"
    (gold / "composed-9001-a.jsonl").rename(gold / "اسم.jsonl")
    (gold / "composed-9001-b.jsonl").write_text("{", "utf8")
    same = (gold / "composed-9002-a.jsonl").read_text("utf8")
    (gold / "composed-9002-a.jsonl").write_text(same.replace('","', '", "'), "utf8")
    git("add", "-A")
    done = khabar(corpus, "diff", "--summary")
    assert done.code == 1 and "annotations/gold/composed/composed-9001-b.jsonl:1: error" in done.err
    lines = done.out.splitlines()
    assert lines[0].startswith("composed-9001-a (gold): gone, 0 added") and lines[3].startswith("اسم (gold): new, ")
    assert lines[1] == "composed-9001-b (gold): can't be read"
    assert lines[2] == "composed-9002-a (gold): 0 added, 0 removed, 0 changed; nothing but how it is written"
    assert lines[4] == "4 layers differ from HEAD"
    for since in ("--output=x", "HEAD:annotations"):
        wrong = khabar(corpus, "diff", "--", since)
        assert wrong.code == 2 and "git knows no commit" in wrong.err and not (corpus.root / "x").exists()
