"""`gliner` with a tiny random model made on the spot, and with one whose answers are known.

Collected only where gliner is installed: it needs another transformers than the encoders do.
"""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.baselines.gliner import Gliner, Options, load_model, prompts, without_marks
from dataset_builder.baselines.table import baseline
from dataset_builder.errors import UsageError
from dataset_builder.schema import Schema
from dataset_builder.validation.labels import check_labels
from dataset_builder.validation.references import LayerFile, check_dangling
from tests.cli import khabar
from tests.samples import COUNCIL, TEXTS, make_checkout

SCHEMA = Schema.load()


@pytest.fixture(scope="module", params=["markerV0", "token_level"])
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a random GLiNER: one layer, a vocabulary of the samples' words and letters."""
    import torch
    from gliner import GLiNER, GLiNERConfig
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import BertConfig, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("gliner")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=600, special_tokens=special)
    tokenizer.train_from_iterator([*TEXTS.values(), *prompts(SCHEMA.layers["ACTOR"].labels, "en").values()], trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    )
    named = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), special, strict=True))
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **named).save_pretrained(folder / "tokenizer")
    encoder = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=1024,
    )  # fmt: skip
    encoder.save_pretrained(folder / "tokenizer")
    torch.manual_seed(0)
    config = GLiNERConfig(
        model_name=str(folder / "tokenizer"), encoder_config=encoder.to_dict(), span_mode=request.param,
        hidden_size=32, max_width=6, max_len=120,
    )  # fmt: skip
    model = GLiNER.from_config(config, load_tokenizer=True, backbone_from_pretrained=False)
    model.save_pretrained(folder / "model")
    return str(folder / "model")


def test_a_model_in_a_folder_predicts_valid_layers(tiny: str, tmp_path: Path) -> None:
    """A random model finds nonsense, but the same nonsense each time, and in valid spans."""
    made = baseline("gliner").make(SCHEMA, [f"model={tiny}", "threshold=0.5"])
    made.fit([])
    made.save(tmp_path)
    again = baseline("gliner").load(tmp_path, SCHEMA)
    total = 0
    for id, text in TEXTS.items():
        layer = made.predict(id, text)
        assert layer == again.predict(id, text) and layer.layers == ("ACTOR", "LOCATION", "EVENT")
        file = LayerFile(layer, "", {}, "")
        assert not [i for i in (*check_dangling(file), *check_labels(file, SCHEMA, text)) if i.is_error]
        total += len(layer.spans)
        for name in layer.layers:
            found = sorted((s.start, s.end) for s in layer.of(name))
            assert all(a[1] <= b[0] for a, b in pairwise(found))
    assert total > 0
    arabic = baseline("gliner").make(SCHEMA, [f"model={tiny}", "labels=ar", "layers=LOCATION", "threshold=0.001"])
    assert {s.layer for s in arabic.predict("d", COUNCIL).spans} == {"LOCATION"}


class Known:
    """A model that finds every occurrence of one word of the text that it is given."""

    class config:  # noqa: N801
        max_len = 8

    def __init__(self, word: str, label: str) -> None:
        self.word, self.label = word, label
        self.seen: list[str] = []

    def inference(self, texts: list[str], labels: dict[str, str], threshold: float) -> list[list[dict[str, Any]]]:
        self.seen += texts
        found = []
        at = texts[0].find(self.word)
        while self.label in labels and at >= 0:
            found.append({"start": at, "end": at + len(self.word), "label": self.label, "score": 0.9})
            at = texts[0].find(self.word, at + 1)
        return [found]


def test_offsets_lead_back_through_marks_windows_and_articles() -> None:
    text = "قَصَفَتْ طائراتٌ سوقَ البلدةِ. وقالت مصادرُ إن والجَيْشُ\u200f انسحب. ثم عاد الجيش إلى ثكناته في آخر الليل بعد ساعات."
    system = Gliner(SCHEMA)
    model = Known("والجيش", "STATE_FORCES")
    system.__dict__["_model"] = model
    found = system.predict("d", text).spans
    assert [text[s.start : s.end] for s in found] == ["الجَيْشُ"]
    assert found[0].attributes == {"mention": "name"}
    assert len(set(model.seen)) > 2 and all(without_marks(t, 0, len(t))[0] == t for t in model.seen)
    system.__dict__["_model"] = Known("الجيش", "STATE_FORCES")
    assert len(system.predict("d", text).spans) == 2


def test_labels_of_a_layer_differ_in_both_languages() -> None:
    """GLiNER refuses two labels with one description."""
    for layer in SCHEMA.layers.values():
        for language in ("en", "ar"):
            assert len(set(prompts(layer.labels, language).values())) == len(layer.labels), (layer.name, language)


def test_what_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no model is named; give --set model=FOLDER"):
        Gliner(SCHEMA).predict("d", COUNCIL)
    for name in (str(tmp_path), "khabar-test/no-such-model"):
        with pytest.raises(UsageError, match="no model can be loaded from there"):
            load_model(name)
    with pytest.raises(UsageError, match="layer that gliner can be asked for"):
        Gliner(SCHEMA, Options(layers="ACTOR,PLACE"))
    with pytest.raises(UsageError, match="between 0 and 1"):
        Gliner(SCHEMA, Options(threshold=2.0))


def test_command(tiny: str, tmp_path: Path) -> None:
    corpus = make_checkout(tmp_path / "checkout")
    done = khabar(corpus, "predict", "--system", "gliner", "--set", f"model={tiny}", "-o", "work/p")
    assert done.code == 0, done.err
    scored = khabar(corpus, "score", "work/p", "--json")
    assert {record["task"] for record in json.loads(scored.out)} >= {"entities", "events"}, scored.err
