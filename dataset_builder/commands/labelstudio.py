"""`khabar labelstudio`: the labelling configuration, and what is wrong with one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.commands import context
from dataset_builder.errors import UsageError, unknown
from dataset_builder.files import write_atomic
from dataset_builder.formats.regions import CLAIM_ARROWS
from dataset_builder.labelstudio.check import check_config
from dataset_builder.labelstudio.config import make_config
from dataset_builder.schema import Schema

app = typer.Typer(no_args_is_help=True, help="The labelling configuration for Label Studio, made from schema.toml.")
Layers = Annotated[str, typer.Option(help="Layers to annotate, with commas between; default: all.")]


def chosen_layers(layers: str, schema: Schema) -> tuple[str, ...]:
    """The layers named, in the schema's order; UsageError with a suggestion for one that is none."""
    wanted = [name for name in layers.split(",") if name] if layers else list(schema.layers)
    for name in wanted:
        if name not in schema.layers:
            raise unknown("layer", name, schema.layers)
    for arrow, ends in CLAIM_ARROWS.items() if "CLAIM" in wanted else ():
        for end in ends:
            if end in schema.layers and end not in wanted:
                raise UsageError(f"--layers: CLAIM needs {end} beside it: the {arrow} of a claim may be of that layer")
    return tuple(name for name in schema.layers if name in wanted)


@app.command("config")
def config(
    layers: Layers = "",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; default: standard output.")] = None,
) -> None:
    """Print the labelling configuration that projects of this checkout have.

    Example: khabar labelstudio config -o work/khabar.xml
    """
    schema = context.corpus().schema
    made = make_config(schema, chosen_layers(layers, schema))
    if out is None:
        sys.stdout.write(made)
    else:
        print(f"wrote {out}" if write_atomic(out, made) else f"{out} is as it was")


@app.command("check")
def check(
    path: Annotated[Path, typer.Argument(help="A labelling configuration as XML.")],
    layers: Layers = "",
) -> None:
    """Name what is wrong with a labelling configuration, most of which Label Studio's own check lets pass.

    Example: khabar labelstudio check work/khabar.xml
    """
    schema = context.corpus().schema
    try:
        content = path.read_text("utf8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: can't be read ({error}); give an XML file in UTF-8") from error
    found = list(check_config(content, schema, chosen_layers(layers, schema), str(path)))
    context.finish(found)
    if not found:
        print(f"{path}: nothing is wrong with it")
