"""The system `llm`: a prompt made from guidelines and training data, sent window by window, its answers as a layer."""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from tqdm import tqdm

from dataset_builder.baselines.llm.assembly import Assembly, Window
from dataset_builder.baselines.llm.form import Answer, json_schema, read
from dataset_builder.baselines.llm.prompt import Passage, choose, instructions, messages
from dataset_builder.baselines.llm.server import Client, Message, Reply
from dataset_builder.baselines.llm.settings import Options, Server
from dataset_builder.baselines.system import Example, Remote
from dataset_builder.model import Layer
from dataset_builder.schema import Schema
from dataset_builder.text.tokenise import sentences

#: How often a model is asked again, in words, after an answer that is no JSON object.
AGAIN = 1
#: Sentences that a window repeats of the one before it, so that arguments and dropped subjects find their mention.
_OVERLAP = 2
#: A window of which the answer breaks off is halved, down to this length in code points.
_SMALLEST = 200
#: No tokenizer has this many characters to a token in such prompts; servers with a small context cut without a word.
_DENSEST = 8
_FILE = "prompt.json"
_CORRECTION = "That is not one JSON object of the form that was asked for. Answer again, with the JSON object alone."


class Llm(Remote):
    """Zero-shot as made, few-shot after `fit`, which chooses passages; the server is asked in `predict` only."""

    layers: tuple[str, ...] = ("ACTOR", "LOCATION", "EVENT", "CLAIM", "FRAME")
    option_type = Options

    def __init__(self, schema: Schema, options: Options | None = None) -> None:
        self.schema = schema
        self.options = options or Options()
        self.instructions = instructions(schema, self.options.guidelines == "full")
        self.passages: list[Passage] = []
        self._counts: Counter[str] = Counter()
        self._spurious: Counter[str] = Counter()
        self._lock = threading.Lock()

    @cached_property
    def server(self) -> Server:
        return Server.of()

    @cached_property
    def _client(self) -> Client:
        return Client(self.server, json_schema(self.schema))

    @property
    def workers(self) -> int:
        """How many texts may be predicted at a time."""
        return self.server.workers

    @property
    def destination(self) -> str:
        """Where texts are sent, "" where that is this machine."""
        return "" if self.server.is_local else self.server.url

    def fit(self, examples: Sequence[Example], seed: int = 0) -> None:
        """Choose the passages that are shown with every request; nothing is sent."""
        self.passages = choose(examples, self.options.examples, self.schema, seed)

    def predict(self, document: str, text: str) -> Layer:
        """The model's annotation of a text; raises UsageError or ServiceError where the server can't be used."""
        assembly = Assembly(text, self.schema)
        for window in windows(text, self.options.window):
            self._annotate(window, assembly)
        layer = assembly.layer(document)
        with self._lock:
            self._counts.update(assembly.notes)
            self._counts["records"] += len(layer.spans) + len(layer.relations) + len(layer.claims)
            self._spurious.update(layer.spurious)
        return layer

    def _annotate(self, window: Window, assembly: Assembly) -> None:
        text = assembly.text
        chat = messages(self.instructions, self.passages, text[window.start : window.end])
        reply = self._ask(chat)
        halves = windows(text, (window.end - window.own) // 2, window.own, window.end)
        if reply.finish == "length" and window.end - window.own > _SMALLEST and len(halves) > 1:
            self._count("windows that were halved")
            for half in halves:
                self._annotate(half, assembly)
            return
        answer = self._read(chat, reply)
        if answer is None:
            self._count("windows without a readable answer")
        else:
            assembly.add(window, answer)

    def _read(self, chat: Sequence[Message], reply: Reply) -> Answer | None:
        """The answer, asked for again where it is none; at last as far as it goes, or None."""
        for _ in range(AGAIN):
            answer = read(reply.content, self.schema)
            if answer is not None or reply.finish in ("length", "content_filter"):
                break
            self._count("asked again")
            said = [{"role": "assistant", "content": reply.content}] if reply.content else []
            chat = [*chat, *said, {"role": "user", "content": _CORRECTION}]
            reply = self._ask(chat)
        return read(reply.content, self.schema) or read(reply.content, self.schema, partial=True)

    def _ask(self, chat: Sequence[Message]) -> Reply:
        reply = self._client.ask(chat)
        where = "from the cache" if reply.cached else "from the server"
        if 0 <= reply.sent < sum(len(message["content"]) for message in chat) / _DENSEST:
            self._warn_of_a_cut(reply.sent)
        with self._lock:
            self._counts[f"answers {where}"] += 1
            self._counts["refused by a content filter"] += reply.finish == "content_filter"
            for name, count in (("sent", reply.sent), ("answered", reply.answered)):
                self._counts[f"tokens {name} {where}"] += max(count, 0)
            self._counts["answers without a token count"] += reply.sent < 0
        return reply

    def _warn_of_a_cut(self, sent: int) -> None:
        if not self._counts["prompts that the server cut"]:
            tqdm.write(
                f"llm: the server counted only {sent} tokens of the prompt, so its context is too small and it cut the "
                "prompt; give it a larger one, or train with --set guidelines=short and fewer examples",
                file=sys.stderr,
            )
        self._count("prompts that the server cut")

    def _count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1

    def report(self) -> dict[str, Any]:
        """What was asked, what it cost at the prices given, and what had no place in a layer; no words of a text."""
        counts = {name: n for name, n in sorted(self._counts.items()) if n}
        sent, answered = (self._counts[f"tokens {name} from the server"] for name in ("sent", "answered"))
        prices = self.server.prices
        cost = None if prices is None else round((sent * prices[0] + answered * prices[1]) / 1e6, 6)
        spurious = dict(sorted((+self._spurious).items()))
        return {"server": self.server.url, "model": self.server.model, "counts": counts, "cost": cost} | {
            "prices of a million tokens": prices,
            "spurious": spurious,
        }

    def summary(self) -> str:
        """The report in a sentence."""
        counts, report = self._counts, self.report()
        sent, answered = (counts[f"tokens {name} from the server"] for name in ("sent", "answered"))
        cost = "no prices given" if report["cost"] is None else f"{report['cost']:.4f} at the prices given"
        lost, quotes = counts["quotes without a place"], counts["quotes"]
        return (
            f"{self.server.model}: {counts['answers from the server']} answers from the server, "
            f"{counts['answers from the cache']} from the cache; {sent:,} tokens sent, {answered:,} answered, {cost}; "
            f"{lost} of {quotes} quotes stand nowhere ({100 * lost / max(quotes, 1):.1f} %), "
            f"{sum(report['spurious'].values())} spurious things counted"
        )

    def save(self, folder: Path) -> None:
        """The whole prompt, to be read: what is sent before each text."""
        passages = [asdict(passage) for passage in self.passages]
        prompt = {"options": asdict(self.options), "instructions": self.instructions, "passages": passages}
        (folder / _FILE).write_text(json.dumps(prompt, ensure_ascii=False, indent=1) + "\n", "utf8")

    @classmethod
    def load(cls, folder: Path, schema: Schema) -> Self:
        prompt = json.loads((folder / _FILE).read_text("utf8"))
        system = cls(schema, Options(**prompt["options"]))
        system.instructions = prompt["instructions"]
        system.passages = [Passage(**passage) for passage in prompt["passages"]]
        return system


def windows(text: str, size: int, start: int = 0, end: int | None = None) -> list[Window]:
    """Windows of whole sentences between two offsets, of some `size` code points besides what they repeat.

    >>> [(w.start, w.own, w.end) for w in windows("واحد. اثنان. ثلاثة. أربعة.", 13)]
    [(0, 0, 12), (0, 13, 26)]
    """
    cuts = [cut for cut in sentences(text) if cut[1] > start and (end is None or cut[0] < end)]
    made: list[Window] = []
    first = 0
    while first < len(cuts):
        last = first
        while last + 1 < len(cuts) and cuts[last + 1][1] - cuts[first][0] <= size:
            last += 1
        context = max(0, first - _OVERLAP) if first else first
        made.append(Window(cuts[context][0], cuts[first][0], cuts[last][1]))
        first = last + 1
    return made
