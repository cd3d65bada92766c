"""Other people's corpora as a user brings them: the form, ANERcorp's two files, folds of articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataset_builder.baselines.system import Example
from dataset_builder.baselines.taggers import Tagger
from dataset_builder.baselines.yardstick import BLOCK, FOLDS, blocks, folds, predicted, read_words
from dataset_builder.errors import DataError, UsageError
from dataset_builder.model import Span
from tests.cli import khabar

#: As CAMeL Lab's files are: a word and its tag, an empty line behind each sentence.
SENTENCE = "قال O\nرئيس O\nالأمم B-ORG\nالمتحدة I-ORG\nكوفي B-PERS\nعنان I-PERS\nفي O\nباريس B-LOC\n. O\n\n"


def _file(folder: Path, name: str, content: str) -> Path:
    path = folder / f"{name}.txt"
    path.write_bytes(content.encode("utf8"))
    return path


def _surfaces(example: Example) -> list[tuple[str, str]]:
    return [(s.label, example.text[s.start : s.end]) for s in example.layer.spans]


def test_words_and_tags_become_a_text_with_spans(tmp_path: Path) -> None:
    read = read_words(_file(tmp_path, "a", SENTENCE * 2))
    assert read.text == "\n".join(["قال رئيس الأمم المتحدة كوفي عنان في باريس ."] * 2)
    assert _surfaces(read) == [("ORG", "الأمم المتحدة"), ("PER", "كوفي عنان"), ("LOC", "باريس")] * 2


@pytest.mark.parametrize(
    ("content", "spans"),
    [
        ("حلب I-LOC\n", [("LOC", "حلب")]),  # an I- without its beginning begins
        ("حلب B-LOC\nحمص B-LOC\n", [("LOC", "حلب"), ("LOC", "حمص")]),  # neighbours stay two
        ("علي B-PERS\nحلب I-LOC\n", [("PER", "علي"), ("LOC", "حلب")]),  # another label begins another span
        ("كأس B-MISC\n\nالعالم I-MISC\n", [("MISC", "كأس"), ("MISC", "العالم")]),  # none goes over a sentence's end
        ("حلب\tB-LOC\r\nو\tO\r\n", [("LOC", "حلب")]),  # tabs, and lines as Windows ends them
        ("\ufeffحلب B-LOC\nسهل\u2028 O\n", [("LOC", "حلب")]),  # a byte order mark; U+2028 ends no line
        ("حلب B-LOC", [("LOC", "حلب")]),  # no line end at the file's end
        ("حلب NNP B-NP B-LOC\nو CC O O\n", [("LOC", "حلب")]),  # other columns between, as CoNLL-2003 has them
        ("حلب\xa0الشهباء B-LOC", [("LOC", "حلب\xa0الشهباء")]),
        ("حمص I--LOC\nلغة B-SPANISH", [("LOC", "حمص"), ("MISC", "لغة")]),  # as AQMAR has it
        ("حلب\u2003B-LOC", [("LOC", "حلب")]),  # another blank between word and tag
    ],
)
def test_what_files_have_in_them(content: str, spans: list[tuple[str, str]], tmp_path: Path) -> None:
    assert _surfaces(read_words(_file(tmp_path, "a", content))) == spans


@pytest.mark.parametrize(
    ("content", "spans"),
    [
        (  # a place in an office in an office, and another behind it
            "مدير B-OCC\nمكتب I-OCC B-ORG\nوزير I-OCC I-ORG B-OCC\nالنقل I-OCC I-ORG I-OCC\nفي O\nحلب B-GPE\n",
            [("OCC", "مدير مكتب وزير النقل"), ("ORG", "مكتب وزير النقل"), ("OCC", "وزير النقل"), ("GPE", "حلب")],
        ),
        (  # the inner one ends first; what goes on is the outer one of two with the same label
            "مجلس B-ORG\nبلدية I-ORG B-ORG\nحلب I-ORG I-ORG B-GPE\nالموحد I-ORG\n",
            [("ORG", "مجلس بلدية حلب الموحد"), ("ORG", "بلدية حلب"), ("GPE", "حلب")],
        ),
        ("حلب B-GPE B-ORG\nوحمص B-GPE\n", [("GPE", "حلب"), ("ORG", "حلب"), ("GPE", "وحمص")]),
        ("نيسان B-DATE\n2011 I-DATE B-DATE\n", [("DATE", "نيسان 2011"), ("DATE", "2011")]),
        ("حلب B-GPE B-GPE\nالشهباء I-GPE I-GPE\n", [("GPE", "حلب الشهباء")]),  # the same said twice is one
        ("مادة B-LAW\n77 I-LAW B-ORDINAL\n\n77 I-LAW\n", [("LAW", "مادة 77"), ("ORDINAL", "77"), ("LAW", "77")]),
    ],
)
def test_nested_spans_have_a_tag_each(content: str, spans: list[tuple[str, str]], tmp_path: Path) -> None:
    """Wojood's form; spans in the order in which they begin, the outermost first."""
    assert _surfaces(read_words(_file(tmp_path, "a", content))) == spans


def test_a_word_without_a_tag_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.txt:2: 'حلب' has 1 columns; the form is `word TAG"):
        read_words(_file(tmp_path, "a", "قال O\nحلب\n"))


def test_a_tag_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    """Left out, it would make a perfect score of nothing."""
    for content, tag in (
        ("قال O\nحلب B_LOC\nحمص B_LOC\n", "B_LOC"),
        ("قال O O\nحلب B-ORG b-gpe\nا O\nب b-gpe\n", "b-gpe"),
    ):
        with pytest.raises(DataError, match=rf"a\.txt:2: the tag '{tag}' is neither O nor .* on 2 lines"):
            read_words(_file(tmp_path, "a", content))
    said: list[str] = []
    mistyped = read_words(_file(tmp_path, "a", SENTENCE * 200 + "حلب OO\n"), said.append)
    assert len(mistyped.layer.spans) == 600 and len(said) == 1
    assert said[0].endswith(
        "a.txt:2001: the tag 'OO' is neither O nor B- or I- with a label; it stands on 1 lines, and counts as O"
    )
    with pytest.raises(DataError, match=r"a\.txt: has no word"):
        read_words(_file(tmp_path, "a", "\n \n"))


def test_files_without_a_span_are_no_yardstick(tmp_path: Path) -> None:
    bare, whole = (read_words(_file(tmp_path, "a", content)) for content in ("قال O\n", SENTENCE))
    for train, test, what in ((bare, whole, "learned from"), (whole, bare, "scored")):
        with pytest.raises(UsageError, match=f"nothing is marked in what is {what}"):
            folds({"train": train, "test": test})
    with pytest.raises(UsageError, match="nothing is marked"):
        folds(dict.fromkeys("abcd", bare))


def test_an_article_called_like_a_split_is_an_article(tmp_path: Path) -> None:
    names = ("Damascus", "Train_station", "Protest", "Atom")
    assert len(folds({name: read_words(_file(tmp_path, name, SENTENCE)) for name in names})) == FOLDS


def test_long_files_are_cut_into_blocks_and_no_span_is_lost(tmp_path: Path) -> None:
    whole = read_words(_file(tmp_path, "a", SENTENCE * 60))
    parts = blocks(whole)
    assert [part.text.count("\n") + 1 for part in parts] == [BLOCK, BLOCK, 10]
    assert "\n".join(part.text for part in parts) == whole.text
    assert [pair for part in parts for pair in _surfaces(part)] == _surfaces(whole)
    assert len({part.layer.document for part in parts}) == 3


def test_train_and_test_are_kept_apart_and_other_files_left_out(tmp_path: Path) -> None:
    names = {"ANERCorp_CamelLab_train": 50, "ANERCorp_CamelLab_test": 30, "ANERCorp": 80}
    (fold,) = folds({name: read_words(_file(tmp_path, name, SENTENCE * n)) for name, n in names.items()})
    assert [e.layer.document for e in fold.train] == ["ANERCorp_CamelLab_train-1", "ANERCorp_CamelLab_train-2"]
    assert [e.layer.document for e in fold.test] == ["ANERCorp_CamelLab_test-1", "ANERCorp_CamelLab_test-2"]


def test_each_article_is_predicted_once_by_what_never_saw_it(tmp_path: Path) -> None:
    files = {name: read_words(_file(tmp_path, name, SENTENCE)) for name in "abcdefg"}
    seen: list[set[str]] = []

    class Spy:
        def __init__(self, taggers: list[Tagger], cut: object) -> None: ...

        def fit(self, examples: list[Example], seed: int) -> None:
            seen.append({e.layer.document for e in examples})

        def predict(self, text: str) -> list[Span]:
            return []

    found = [(example.layer.document, len(seen) - 1) for example, _ in predicted(files, Spy, 0)]  # type: ignore[arg-type]
    assert sorted(name for name, _ in found) == list("abcdefg") and len(seen) == FOLDS
    assert all(name not in seen[fold] and seen[fold] for name, fold in found)
    with pytest.raises(UsageError, match="3 files: a yardstick needs a train and a test file"):
        folds({name: files[name] for name in "abc"})


def test_a_corpus_in_the_form_of_anercorp_is_trained_and_scored(tmp_path: Path) -> None:
    """Names that training never had are found by what stands around them; 60 sentences are three blocks."""
    people = ["أحمد", "سعيد", "يوسف", "كريم", "سمير", "طارق"]
    train = "".join(SENTENCE.replace("كوفي B-PERS\nعنان I-PERS", f"{name} B-PERS") for name in people * 10)
    _file(tmp_path, "ANERCorp_CamelLab_train", train)
    test = SENTENCE.replace("كوفي B-PERS\nعنان I-PERS", "عادل B-PERS").replace("باريس", "لندن")
    _file(tmp_path, "ANERCorp_CamelLab_test", test * 60)
    _file(tmp_path, "README", "not a corpus")
    done = khabar(tmp_path, "yardstick", tmp_path, "--system", "crf")
    assert done.code == 0 and "3 documents scored" in done.out, done.err
    assert "learned from ANERCorp_CamelLab_train; scored on ANERCorp_CamelLab_test; left out: nothing" in done.out
    rows = {line.split()[0]: line.split()[1:] for line in done.out.splitlines() if line.strip()}
    assert [rows[label][2] for label in ("PER", "LOC", "ORG")] == ["100.0"] * 3 and rows["micro"][-1] == "180"
    assert "crf has no encoder" in khabar(tmp_path, "yardstick", tmp_path, "--encoder", "e5-small").err
    assert "did you mean 'crf'?" in khabar(tmp_path, "yardstick", tmp_path, "--system", "crv").err
    assert "nowhere: no such folder" in khabar(tmp_path, "yardstick", tmp_path / "nowhere").err


def test_a_nested_corpus_is_trained_and_scored_at_all_levels(tmp_path: Path) -> None:
    """A council with its town in it: one tagger a label finds both, which one sequence of tags could not."""
    towns = ["حلب", "حمص", "درعا", "إدلب", "الرقة", "منبج"]
    form = "زار O\nمجلس B-ORG\nبلدية I-ORG\n{} I-ORG B-GPE\nوفد O\n. O\n\n"
    _file(tmp_path, "train", "".join(form.format(town) for town in towns * 10))
    _file(tmp_path, "val", form.format("عفرين"))
    _file(tmp_path, "test", form.format("حمص") * 30)
    done = khabar(tmp_path, "yardstick", tmp_path, "--system", "crf")
    assert done.code == 0 and "2 documents scored" in done.out, done.err
    rows = {line.split()[0]: line.split()[1:] for line in done.out.splitlines() if line.strip()}
    assert {label: (rows[label][2], rows[label][-1]) for label in ("micro", "ORG", "GPE")} == {
        "micro": ("100.0", "60"), "ORG": ("100.0", "30"), "GPE": ("100.0", "30"),
    }  # fmt: skip
