"""What the commands that talk to a Label Studio server share: its address, the token, and that the connection ends."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.labelstudio.client import SERVER_VARIABLE, TOKEN_VARIABLE, Client, connect, is_in_clear
from dataset_builder.labelstudio.server import PORT

#: Where a server of one's own is; `khabar annotate` starts one there.
HERE = f"http://127.0.0.1:{PORT}"
ServerAddress = Annotated[str, typer.Option("--server", envvar=SERVER_VARIABLE, help="Address of Label Studio.")]
Title = Annotated[str, typer.Option("--project", help="Title of the project; push makes it where there is none.")]
Exports = Annotated[
    list[Path] | None, typer.Argument(help="JSON files exported from Label Studio; default: ask the server.")
]
Replace = Annotated[
    str,
    typer.Option(
        help="Documents, with commas between, of which the server's version replaces what was corrected here."
    ),
]


def connected(server: str) -> closing[Client]:
    """A client of the server with the token of the environment, closed at the end of the `with`."""
    token = os.environ.get(TOKEN_VARIABLE, "")
    if token and is_in_clear(server):
        print(
            f"{server}: the token and the texts go over the network unencrypted, where others can read them; "
            "use an https address if the server has one",
            file=sys.stderr,
        )
    return closing(connect(server, token))
