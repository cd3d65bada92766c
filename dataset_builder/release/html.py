"""Self-contained pages: a template with its style and script inside, under a policy that allows nothing else."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from dataset_builder.text.bidi import is_command

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def fill(template: str, style: str, script: str, **values: Any) -> str:
    """The page that a template of this package makes, the same bytes for the same values.

    `style` and `script` are the page's whole style sheet and program; the policy names their hashes, so that nothing
    else is loaded or run.
    """
    from markupsafe import Markup

    allowed = {"default-src": "'none'", "style-src": _hash(style), "script-src": _hash(script)}
    policy = "; ".join(f"{what} {where}" for what, where in allowed.items()) + "; base-uri 'none'; form-action 'none'"
    return (
        _environment()
        .get_template(template)
        .render(**values, style=Markup(style), script=Markup(script), policy=policy)
    )


def package_file(name: str) -> str:
    """A file that stands beside the templates."""
    return resources.files("dataset_builder.release").joinpath("templates", name).read_text("utf8")


def _shown(text: str) -> Markup:
    """Text for the page; a character that would act is an empty element that the style sheet fills with its number.

    The character itself stays out: no element can hold what a direction override does.
    """
    from markupsafe import Markup, escape

    acting = Markup('<i class="acts" data-code="U+{:04X}"></i>')
    return Markup("").join(acting.format(ord(c)) if is_command(c) else escape(c) for c in text)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("dataset_builder.release", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["shown"] = _shown
    return environment


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode('utf8')).digest()).decode()}'"
