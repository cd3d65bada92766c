"""Label Studio's own environment: made once, in a folder of the user's, because its pins differ from ours.

Nothing is installed globally. The folder holds the programs (some 1 GB, made again whenever it is gone) and, beside
them, the server's data, which is the annotator's work::

    <home>/label-studio-1.23.2/     environment; delete it freely
    <home>/server/                  database, login, log
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from dataset_builder.errors import KhabarError, UsageError

#: The oldest that is safe (1.23.2 closes a stored XSS and a secret that others could read), and the one that is tested.
VERSION = "1.23.2"
#: Bytes that the environment takes, with pip's own copies while it is made.
NEEDED = 2_000_000_000
#: A `label-studio` program to use in place of an environment of our own.
PROGRAM_VARIABLE = "KHABAR_LABEL_STUDIO"
_DONE = "complete"


def default_home() -> Path:
    """Where programs and data are kept: KHABAR_HOME, else `khabar` in the user's folder for data."""
    if given := os.environ.get("KHABAR_HOME"):
        return Path(given).expanduser().resolve()
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "khabar"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "khabar"


def constraints() -> Path:
    """The file that pins every package of the environment."""
    return Path(str(resources.files(__package__) / "server-constraints.txt"))


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the folder for this process alone; UsageError where another has it. Its end, of any kind, frees it."""
    from filelock import FileLock, Timeout

    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(
            f"{home}: another `khabar annotate` uses this folder; stop it with Ctrl-C in its terminal, or give --home"
        ) from None
    try:
        yield
    finally:
        lock.release()


def program(home: Path) -> Path | None:
    """The server's program where there is one already: the one that KHABAR_LABEL_STUDIO names, or the environment's.

    Raises UsageError where the variable names no file.
    """
    if given := os.environ.get(PROGRAM_VARIABLE):
        path = Path(given)
        if not path.is_file():
            raise UsageError(f"{PROGRAM_VARIABLE}={given}: no such file; name the program label-studio, or unset it")
        return path
    folder = home / f"label-studio-{VERSION}"
    return _script(folder, "label-studio") if (folder / _DONE).is_file() else None


def make(home: Path) -> Path:
    """Make the environment and return its program. A half-made one, of a broken attempt, is made afresh.

    Raises UsageError where there is too little room, KhabarError where packages can't be installed.
    """
    home.mkdir(parents=True, exist_ok=True)
    folder = home / f"label-studio-{VERSION}"
    if (free := shutil.disk_usage(home).free) < NEEDED:
        raise UsageError(
            f"{home}: {free / 1e9:.1f} GB are free and Label Studio needs {NEEDED / 1e9:.0f}; make room, or give --home"
        )
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode:
        said = " ".join((made.stdout + made.stderr).split())[:300]
        raise KhabarError(
            f"{folder}: no environment could be made ({said}); on Debian and Ubuntu install the package python3-venv"
        )
    _install(folder)
    (folder / _DONE).touch()
    return _script(folder, "label-studio")


def _install(folder: Path) -> None:
    """Install the pinned packages, with a bar over them and pip's own words in a file."""
    from tqdm import tqdm

    pinned = constraints()
    total = sum(1 for line in pinned.read_text("utf8").splitlines() if "==" in line)
    options = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off", "-c", str(pinned)]
    call = [str(_script(folder, "python")), "-m", "pip", "install", *options, f"label-studio=={VERSION}"]
    log = folder / "install.log"
    with (
        log.open("w", encoding="utf8") as kept,
        tqdm(total=total, desc="fetching", unit=" packages", disable=None, leave=False) as bar,
        subprocess.Popen(
            call, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf8", errors="replace"
        ) as pip,
    ):
        assert pip.stdout is not None
        try:
            for line in pip.stdout:
                kept.write(line)
                if line.startswith(("Collecting ", "Processing ")):
                    bar.update()
                elif line.startswith("Installing collected packages"):
                    bar.set_description("unpacking (a minute or two)")
        except BaseException:
            # Ctrl-C: pip must not go on alone in a folder that the next attempt clears.
            pip.kill()
            raise
    if pip.returncode:
        said = [line for line in log.read_text("utf8").splitlines() if line.startswith("ERROR")][:1]
        raise KhabarError(
            f"{folder}: Label Studio could not be installed ({' '.join(said) or 'pip failed'}); {log} has pip's words; "
            "look after the network and run the command again"
        )


def _script(folder: Path, name: str) -> Path:
    return folder / "Scripts" / f"{name}.exe" if os.name == "nt" else folder / "bin" / name
