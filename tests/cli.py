"""Running `khabar` as a user does: a process of its own, in a folder, with what it prints and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.corpus import Corpus

HERE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


def khabar(where: Corpus | Path, *arguments: str | Path) -> Done:
    """Run a command of `khabar` in a checkout or folder."""
    return run(where, "-m", "dataset_builder.commands.cli", *arguments)


def run(where: Corpus | Path, *arguments: str | Path) -> Done:
    """Run Python with these arguments in a checkout or folder; Hugging Face's caches stay beside it."""
    folder = where.root if isinstance(where, Corpus) else where
    environment = os.environ | {
        "PYTHONPATH": str(HERE),
        "HF_HOME": str(folder.parent / "huggingface"),
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        "COLUMNS": "120",
    }
    environment.pop("KHABAR_ROOT", None)
    ran = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf8",
        check=False,
    )
    return Done(ran.returncode, ran.stdout, ran.stderr)
