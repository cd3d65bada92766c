"""What every page shares: templates, style sheet, and a policy under which a page can load nothing at all.

A page is one file. Its style and script stand inside it and are named by hash in its content security policy, because
`'self'` means something else to each browser where a page is opened from disk; a folder of such pages needs no server.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from dataset_builder.text.bidi import is_command

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

#: The parts of a site, as (path, name), in the order of its navigation.
SECTIONS = (
    ("index.html", "Corpus"),
    ("clusters/index.html", "Events"),
    ("statistics.html", "Statistics"),
    ("bias.html", "Bias"),
    ("agreement.html", "Agreement"),
    ("leaderboard.html", "Leaderboard"),
    ("guidelines/index.html", "Guidelines"),
    ("datasheet.html", "Datasheet"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page stands in a site: its own path, and the path of the section that the navigation marks."""

    path: str
    section: str

    def to(self, path: str) -> str:
        """The relative link from this page to another one.

        >>> Address("clusters/0001.html", "clusters/index.html").to("documents/d1.html")
        '../documents/d1.html'
        """
        return "../" * self.path.count("/") + path

    @property
    def navigation(self) -> list[tuple[str, str, str]]:
        """Each section's link, name, and "page", "true" (this page is inside of it) or "" for aria-current."""
        return [
            (self.to(path), name, "page" if path == self.path else "true" if path == self.section else "")
            for path, name in SECTIONS
        ]


def page(
    template: str,
    address: Address | None = None,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    rules: str = "",
    **values: Any,
) -> str:
    """A page as HTML from a template that extends base.html.

    `styles` are style sheets of templates/ that come after the shared one, `rules` made for this page alone, `scripts`
    are files of templates/. Without an `address` the page stands alone and has no navigation.
    """
    style = "".join(_package_file(name) for name in ("style.css", *styles)) + rules
    code = "".join(_package_file(name) for name in scripts)
    allowed = {"default-src": "'none'", "style-src": _hash(style)} | ({"script-src": _hash(code)} if code else {})
    policy = "; ".join(f"{what} {where}" for what, where in allowed.items()) + "; base-uri 'none'; form-action 'none'"
    return (
        environment()
        .get_template(template)
        .render(address=address, style=trusted(style), script=trusted(code), policy=policy, **values)
    )


def shown(text: str) -> Markup:
    """Text for a page; a character that would act is an empty element that the style sheet fills with its number.

    The character itself stays out: no element can hold what a direction override does.
    """
    from markupsafe import Markup, escape

    acting = Markup('<i class="acts" data-code="U+{:04X}"></i>')
    return Markup("").join(acting.format(ord(c)) if is_command(c) else escape(c) for c in text)


def ratio(value: float | None) -> str:
    """Three digits, or a dash where there is nothing to divide by."""
    return "–" if value is None else f"{value:.3f}"


@cache
def environment() -> Environment:
    """The templates of all pages; whatever they are given is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("dataset_builder.release", "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"shown": shown, "ratio": ratio, "number": lambda n: f"{n:,}"}
    return made


def trusted(html: str) -> Markup:
    """HTML of our own making, which is not escaped again."""
    from markupsafe import Markup

    return Markup(html)


@cache
def _package_file(name: str) -> str:
    return resources.files("dataset_builder.release").joinpath("templates", name).read_text("utf8")


@cache
def _hash(content: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(content.encode('utf8')).digest()).decode()}'"
