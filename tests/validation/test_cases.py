"""Every code has a smallest failing example; each makes its finding at its file and no other error beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.corpus import Corpus
from dataset_builder.incidents import codes
from dataset_builder.validation import validate
from dataset_builder.validation.cases import Case, cases
from tests.samples import make_checkout

#: Findings that no edit of a checkout's own files makes: each has a test of its own, in the module named.
ELSEWHERE = {
    "encoding": "test_bytes",
    "cut-grapheme": "test_bytes",
    "text-not-canonical": "test_bytes",
    "text-repeated": "test_bytes",
    "windows-missing": "test_bytes",
    "anchor-mismatch": "test_bytes",
    "span-lost": "anchoring",
    "span-not-anchored": "anchoring",
    "annotation-lost": "anchoring",
    "version-locked": "release",
}
#: Where one mistake is seen from two sides, what else may be found beside it.
BESIDE = {
    # A record that can't be read is missing where others point to it.
    "missing-key": {"dangling-reference"},
    "bad-value": {"dangling-reference"},
    "unknown-kind": {"not-canonical"},
    "unknown-document": {"document-repeated"},
    "wrong-place": {"surface-mismatch", "offset-range", "cut-word", "edge-space", "cut-grapheme"},
    "claim-role": {"claim-overlap"},
    "document-repeated": {"unknown-document", "split-unknown-document", "cluster-documents", "text-differs"},
    "header-place": {"dangling-reference"},
    "manifest-source": {"wrong-place", "text-missing", "split-source", "outlet-designed"},
    "duplicate-of-unknown": {"layer-of-left-out"},
    "unknown-cluster": {"cluster-documents"},
    "split-twice": {"split-list-edited", "split-cluster"},
    "split-order": {"split-list-edited"},
    "split-unknown-document": {"split-list-edited", "split-missing"},
    "split-source": {"split-list-edited", "split-missing", "split-twice"},
    "split-cluster": {"split-list-edited", "split-twice"},
    "split-missing": {"split-list-edited"},
    "split-list-edited": {"split-missing"},
    "layer-of-left-out": {"split-missing"},
    # The sample has no passes.
    "decision-repeated": {"decision-without-layers"},
    "decision-about-nothing": {"decision-without-layers"},
    "decision-differs": {"decision-without-layers"},
}


def test_the_sample_checkout_is_clean(tmp_path: Path) -> None:
    assert [str(incident) for incident in validate(make_checkout(tmp_path))] == []


def test_every_code_of_a_checkout_has_an_example() -> None:
    of_a_checkout = {name for name, code in codes().items() if code.level > 0 and not name.startswith("sheet-")}
    assert of_a_checkout - {case.code for case in cases()} - set(ELSEWHERE) == set()


def _apply(case: Case, corpus: Corpus) -> None:
    path = corpus.root / case.file
    if not case.find and case.replace is None:
        path.unlink()
        return
    if not case.find:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf8", newline="") as file:
            file.write(case.replace or "")
        return
    content = path.read_text("utf8")
    assert case.find in content, "the example's text is no longer in the sample"
    path.write_text(content.replace(case.find, case.replace or "", 1), "utf8", newline="")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.code)
def test_example(case: Case, tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path)
    _apply(case, corpus)
    found = list(validate(Corpus(corpus.root)))
    named = [incident for incident in found if incident.code == case.code]
    assert [incident.path for incident in named if incident.path == (case.at or case.file)], [str(i) for i in found]
    beside = {incident.code for incident in found} - {case.code} - BESIDE.get(case.code, set()) - {"not-canonical"}
    assert not beside, [str(incident) for incident in found]
