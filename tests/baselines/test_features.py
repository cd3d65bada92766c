"""What the CRF is told of a word, what it was told in training, and how chances become tags."""

from __future__ import annotations

import numpy as np

from dataset_builder.baselines import gazetteers
from dataset_builder.baselines.decoding import best
from dataset_builder.baselines.features import features, forms, lemma
from dataset_builder.baselines.phrases import Phrases, folds
from dataset_builder.baselines.units import units
from dataset_builder.baselines.yardstick import words_of


def test_names_are_found_behind_proclitics_and_over_several_words() -> None:
    text = "وفي دمشق زار محمد وسوريا والولايات المتحدة"
    found = words_of(text)
    rows = dict(zip([text[u.start : u.end] for u in found], features(text, found), strict=True))
    assert "B-town" in rows["دمشق"] and "B-country" in rows["وسوريا"] and "B-frequent given" in rows["محمد"]
    assert "B-country" in rows["والولايات"] and "I-country" in rows["المتحدة"]
    assert "no name" in rows["زار"]
    assert "1 B-frequent given" in rows["زار"] and "-1 B-frequent given" in rows["وسوريا"]


def test_a_word_and_its_clitics_have_their_lemma_and_bare_form_in_common() -> None:
    assert lemma("والقوات") == lemma("قوات") == lemma("القُوّات")
    assert forms("وبحلب")[-1] == forms("بحلب")[-1] == "حلب"
    assert forms("وفد") == ("وفد",)  # too short to be و with something
    assert lemma("،") == "" and lemma("") == ""


def test_marks_and_signs_have_features_too() -> None:
    text = "قُصِفَ «السوق» 😀 12."
    assert len(features(text, units(text))) == len(units(text))
    assert features("", []) == []


def test_lists_are_the_packages() -> None:
    lists = gazetteers.lists()
    assert ("سوريا",) in lists["country"] and ("الاميركيه",) not in lists["country"]
    assert len(lists["person"]) > 50_000 and len(lists["town"]) > 5_000
    assert gazetteers.geonames()[("سوريا",)] == "163843" and gazetteers.geonames()[("حلب",)] == "170063"


def test_documents_are_told_what_other_folds_marked() -> None:
    """The trigger stands in all six texts and is marked in the first alone, whose own fold must not be told that.

    Others are told of the five texts outside their fold: one mark in five is "some", in all six it is "little".
    """
    texts = [["بعد", "قصف"]] * 6
    spans = [[(1, 2)], *[[]] * 5]
    told = Phrases.of_others(texts, spans)
    assert folds(6)[0] == [0, 1]
    assert [known.rows(texts[0])[1] for known in told] == [["unknown"]] * 2 + [["B some of many"]] * 4
    assert Phrases.of(texts, spans).rows(texts[0])[1] == ["B little of many"]


def test_the_longest_known_phrase_counts() -> None:
    known = Phrases.of([["قصف", "جوي", "قصف"]], [[(0, 2), (2, 3)]])
    assert known.rows(["قصف", "جوي"]) == [["B nearly all of one"], ["I nearly all of one"]]
    assert known.rows(["قصف", "مدفعي"]) == [["B half of few"], ["unknown"]]
    assert Phrases.restored(known.state()) == known


def test_no_inside_without_a_beginning() -> None:
    names = ["O", "B-X", "I-X", "B-Y", "I-Y"]
    chances = np.array([[0.1, 0.2, 0.6, 0.05, 0.05], [0.1, 0.1, 0.1, 0.1, 0.6]])
    assert best(chances, names, 0) == ["B-Y", "I-Y"]  # 0.05 · 0.6 is more than 0.2 · 0.1 of B-X with the next best
    assert best(chances[:0], names) == []
