"""`khabar serve`: a trained system answers Label Studio, so that documents arrive pre-annotated."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.baselines.table import trained
from dataset_builder.commands import context
from dataset_builder.errors import UsageError
from dataset_builder.labelstudio.backend import Backend, application, misfit
from dataset_builder.labelstudio.convert import make_result
from dataset_builder.labelstudio.server import HOST, free_port, is_taken


def serve(
    model: Annotated[Path, typer.Option(help="Folder of the trained system.")],
    port: Annotated[int, typer.Option(help="Port to answer on.", min=1, max=65535)] = 9090,
    host: Annotated[str, typer.Option(help="Address to bind; the default is reached from this machine alone.")] = HOST,
) -> None:
    """Serve a baseline to Label Studio as an ML backend, until Ctrl-C.

    In the project's settings, under Model, connect http://127.0.0.1:9090; a task without predictions gets them when it
    is opened. A server of `khabar annotate` may ask this address; another one needs
    LABEL_STUDIO_SSRF_PROTECTION_ENABLED=false and LABEL_STUDIO_ML_BLOCK_LOCAL_IP=false to ask its own machine.

    Example: khabar serve --model work/crf
    """
    try:
        import uvicorn
    except ImportError as error:
        raise UsageError("serving needs starlette and uvicorn: pip install 'khabar[serve]'") from error

    corpus = context.corpus()
    schema = corpus.schema
    card, system = trained(model, schema)
    if is_taken(port):
        raise UsageError(f"port {port} is taken by another program; give another --port, as in --port {free_port()}")
    version = f"{card.system}-{'-'.join(card.train)}"
    backend = Backend(
        system,
        version,
        results=lambda layer, text: make_result(layer, text, schema),
        fits=lambda config: misfit(config, schema, system.layers),
    )
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    loopback = host in (HOST, "localhost", "::1")
    if not loopback:
        print(f"bound to {host}: whoever reaches this port can have texts annotated; there is no login")
    hosts = [HOST, "localhost", "[::1]"] if loopback else ["*"]

    # Bound before it is said, so that Label Studio, which waits a second, is not turned away.
    with _bound(host, port) as bound:
        print(f"{version} answers on http://{host}:{port}; Ctrl-C ends it", flush=True)
        uvicorn.Server(uvicorn.Config(application(backend, hosts), log_level="warning")).run(sockets=[bound])


def _bound(host: str, port: int) -> socket.socket:
    """A listening socket; UsageError where the address is not ours to bind."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError(f"{host}:{port} can't be bound ({error.strerror}); give another --host or --port") from error
