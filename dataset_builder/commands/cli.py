"""The command `khabar`: a table of verbs, and the one place where a user's mistake ends as a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import (
    adjudicate,
    agree,
    annotate,
    bias,
    build,
    compare,
    context,
    convert,
    datasheet,
    diff,
    errors,
    fmt,
    hydrate,
    ingest,
    labelstudio,
    publish,
    pull,
    push,
    queue,
    reproduce,
    score,
    serve,
    sheet,
    show,
    site,
    split,
    status,
    stories,
    train,
    validate,
    yardstick,
)
from dataset_builder.errors import DataError, KhabarError, PredictionError

#: What a command that was interrupted exits with.
_INTERRUPTED = 130

app = typer.Typer(
    name="khabar",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Arabic conflict news: from raw articles to an annotated, versioned dataset.",
)

#: Each verb's function; its docstring is its help. A verb that has verbs of its own is a Typer.
COMMANDS: dict[str, Callable[..., None]] = {
    "ingest": ingest.ingest,
    "validate": validate.validate,
    "fmt": fmt.fmt,
    "show": show.show,
    "status": status.status,
    "queue": queue.queue,
    "annotate": annotate.annotate,
    "agree": agree.agree,
    "stories": stories.stories,
    "diff": diff.diff,
    "split": split.split,
    "push": push.push,
    "pull": pull.pull,
    "hydrate": hydrate.hydrate,
    "train": train.train,
    "predict": train.predict,
    "serve": serve.serve,
    "yardstick": yardstick.yardstick,
    "reproduce": reproduce.reproduce,
    "leaderboard": reproduce.show_leaderboard,
    "score": score.score_command,
    "compare": compare.compare,
    "errors": errors.errors,
    "datasheet": datasheet.datasheet,
    "bias": bias.bias,
    "build": build.build,
    "publish": publish.publish,
    "site": site.site,
}
for _name, _function in COMMANDS.items():
    app.command(_name)(_function)
app.add_typer(sheet.app, name="sheet")
app.add_typer(adjudicate.app, name="adjudicate")
app.add_typer(labelstudio.app, name="labelstudio")
app.add_typer(convert.app, name="convert")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"khabar {installed_version('khabar')}")
        raise typer.Exit()


@app.callback(epilog="Example: [bold]khabar build[/bold] makes the dataset in dist/khabar and shows what is in it.")
def khabar(
    root: Annotated[
        Path | None, typer.Option(help="The checkout to work on; default: the one around the current folder.")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """Arabic conflict news: from raw articles to an annotated, versioned dataset."""
    if root is not None:
        os.environ[context.ROOT_VARIABLE] = str(root)


def main() -> None:
    """Run the command line; a KhabarError ends as one sentence, anything else is a bug and keeps its traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character shows its escape instead of ending the command.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except KhabarError as error:
        if isinstance(error, DataError) and error.incidents:
            context.report(error.incidents, predicted=isinstance(error, PredictionError))
        print(f"khabar: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output has gone (`khabar show … | head`); Python would complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.filename is None:
            raise
        print(f"khabar: {error.filename}: {error.strerror}; check the path and who may write there", file=sys.stderr)
        sys.exit(1)
    except (KeyboardInterrupt, SystemExit) as end:
        # Typer makes an exit of an interruption.
        if isinstance(end, SystemExit) and end.code != _INTERRUPTED:
            raise
        print("khabar: stopped; what was written is whole", file=sys.stderr)
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
