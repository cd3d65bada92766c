"""What people wrote as Markdown, as pages: guidelines, datasheet, how it was annotated; and the worked examples.

Arabic inside English is put into elements that isolate its direction; links lead to pages of the site, or nowhere where
the site has none.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dataset_builder.release.html import Address, page, shown, trusted
from dataset_builder.schema import Schema

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markupsafe import Markup

_LETTER = r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"
#: From an Arabic letter to another, quotation marks around them inside, whatever stands between but Latin letters, what
#: separates quotes in a record or an explanation (" | ", "+", "→", brackets) and the end of a line.
ARABIC = re.compile(rf'["«]?{_LETTER}(?:(?:(?! \| )[^A-Za-z\[\]()\n=#+→])*{_LETTER})?["»]?')
_STRONG = re.compile(rf"{_LETTER}|[A-Za-z]")

STYLES = ("site/site.css",)
GUIDELINES = "annotations/guidelines"
#: What else is shown, by its path in the checkout, with the address that it gets.
PAGES = {
    "DATASHEET.md": Address("datasheet.html", "datasheet.html"),
    "annotations/README.md": Address("annotations.html", "agreement.html"),
    "annotations/schema.toml": Address("guidelines/labels.html", "guidelines/index.html"),
    GUIDELINES: Address("guidelines/index.html", "guidelines/index.html"),
    f"{GUIDELINES}/README.md": Address("guidelines/index.html", "guidelines/index.html"),
}


def addresses(root: Path) -> dict[str, Address]:
    """Where each written file of a checkout is shown, by its path there; those of PAGES always have a page."""
    found = dict(PAGES)
    for path in sorted((root / GUIDELINES).glob("*.md")):
        found.setdefault(f"{GUIDELINES}/{path.name}", _guideline(f"{path.stem}.html"))
    for path in sorted((root / GUIDELINES / "examples").glob("*.sheet")):
        found[f"{GUIDELINES}/examples/{path.name}"] = _guideline(f"examples-{path.stem}.html")
    if f"{GUIDELINES}/examples/actor.sheet" in found:
        found[f"{GUIDELINES}/examples"] = found[f"{GUIDELINES}/examples/actor.sheet"]
    return found


def _guideline(name: str) -> Address:
    return Address(f"guidelines/{name}", "guidelines/index.html")


def isolated(text: str) -> Markup:
    """Text with each Arabic stretch in an element of its own, escaped.

    >>> str(isolated("the proclitics و ف stay: و|قال <b>"))
    'the proclitics <bdi lang="ar" dir="rtl">و ف</bdi> stay: <bdi lang="ar" dir="rtl">و|قال</bdi> &lt;b&gt;'
    """
    parts, position = [], 0
    for match in ARABIC.finditer(text):
        parts += [shown(text[position : match.start()]), trusted('<bdi lang="ar" dir="rtl">'), shown(match[0])]
        parts.append(trusted("</bdi>"))
        position = match.end()
    return trusted("").join([*parts, shown(text[position:])])


def is_arabic(text: str) -> bool:
    """Whether the first letter is Arabic.

    >>> is_arabic("**الخلاصة:** ACTOR"), is_arabic("ACTOR الفاعل"), is_arabic("123")
    (True, False, False)
    """
    first = _STRONG.search(text)
    return bool(first and not first[0].isascii())


def render_markdown(source: str, path: str, known: Mapping[str, Address], address: Address) -> Markup:
    """Markdown as HTML; `path` is where it stands in the checkout, `known` where its link targets are shown."""
    tokens = _markdown().parse(source)
    for number, token in enumerate(tokens):
        _direct(token, tokens[number + 1] if number + 1 < len(tokens) else None)
        for child in token.children or ():
            if child.type == "link_open":
                child.attrs["href"] = _target(str(child.attrs["href"]), path, known, address)
    return trusted(str(_markdown().renderer.render(tokens, _markdown().options, {})))


def _direct(token: Token, following: Token | None) -> None:
    """Give a block its direction, a heading its name, a cell a class in place of the style that no page may have."""
    if token.attrs.pop("style", None):
        token.attrs["class"] = "figure"
    if following is None or following.type != "inline":
        return
    if is_arabic(following.content):
        token.attrs |= {"lang": "ar", "dir": "rtl"}
        for child in following.children or ():
            child.meta["plain"] = True  # the whole block is Arabic, nothing needs isolation
    if token.type == "heading_open":
        token.attrs["id"] = _slug(following.content)


def _slug(heading: str) -> str:
    return re.sub(r"[^\w]+", "-", re.sub(r"<!--.*?-->", "", heading).lower()).strip("-")


def _target(href: str, path: str, known: Mapping[str, Address], address: Address) -> str:
    """The link as a page of the site has it; "" where there is no such page."""
    if re.match(r"[a-z]+:|#", href):
        return href
    file, _, part = href.partition("#")
    file = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)).rstrip("/")
    return address.to(known[file].path) + (f"#{part}" if part else "") if file in known else ""


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Comments are the markers of computed figures.
    made.core.ruler.before("normalize", "comments", lambda state: setattr(state, "src", _uncommented(state.src)))
    made.add_render_rule("text", lambda self, tokens, i, options, env: _text(tokens[i]))
    made.add_render_rule("code_inline", lambda self, tokens, i, options, env: _code(tokens[i].content))
    made.add_render_rule("fence", lambda self, tokens, i, options, env: _block(tokens[i].content))
    made.add_render_rule(
        "table_open", lambda *_: '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>\n'
    )
    made.add_render_rule("table_close", lambda *_: "</table></div>\n")
    made.add_render_rule("link_open", lambda self, tokens, i, options, env: _link(tokens[i]))
    made.add_render_rule("link_close", lambda self, tokens, i, options, env: "</a>")
    return made


def _text(token: Token) -> str:
    return str(shown(token.content) if token.meta.get("plain") else isolated(token.content))


def _uncommented(source: str) -> str:
    return re.sub(r"<!--.*?-->\n?", "", source, flags=re.S)


def _link(token: Token) -> str:
    href = str(token.attrs["href"])
    return str(trusted('<a href="{}">').format(href)) if href else "<a>"


def _code(content: str) -> str:
    return f"<code>{isolated(content)}</code>"


def _block(content: str) -> str:
    return f'<pre tabindex="0">{isolated(content)}</pre>\n'


def written_pages(root: Path, known: Mapping[str, Address]) -> dict[Address, str]:
    """Every written page by its address."""
    made = {}
    for path, address in known.items():
        file = root / path
        if file.suffix == ".md" and not file.is_file():
            body = trusted("<h1>{}</h1><p>This checkout has no {}.</p>").format(_name(address.path).capitalize(), path)
        elif file.suffix == ".md":
            body = render_markdown(file.read_text("utf8"), path, known, address)
        elif file.suffix == ".sheet":
            body = trusted(f"<h1>Worked examples: {file.stem.upper()}</h1>\n") + sheet(file.read_text("utf8"))
        else:
            continue
        title = _name(address.path).capitalize()
        made[address] = page("site/written.html", address, STYLES, title=title, body=body, menu=menu(known, address))
    return made


def labels_page(schema: Schema, known: Mapping[str, Address]) -> tuple[Address, str]:
    """Layers and labels with what each is, from the schema."""
    address = PAGES["annotations/schema.toml"]
    return address, page("site/labels.html", address, STYLES, schema=schema, menu=menu(known, address))


def menu(known: Mapping[str, Address], address: Address) -> list[tuple[str, str, bool]]:
    """The pages of the same section, as (link, name, whether it is this one)."""
    inside = {a.path: a for a in known.values() if a.section == address.section}
    names = {path: _name(path) for path in inside}
    order = sorted(inside, key=lambda p: ("/examples-" in p, not p.endswith("/index.html"), names[p]))
    return [(address.to(path), names[path], path == address.path) for path in order] if len(inside) > 1 else []


def _name(path: str) -> str:
    stem = posixpath.splitext(posixpath.basename(path))[0]
    return {"index": "how to annotate", "annotations": "how it was annotated"}.get(
        stem, stem.replace("examples-", "examples: ").replace("-", " ")
    )


def sheet(source: str) -> Markup:
    """Worked examples as HTML: a sentence with its rule above and its records below."""
    html = trusted("").join(_group(group) for group in source.split("\n\n"))
    return trusted('<div class="sheet">') + html + trusted("</div>")


def _group(group: str) -> Markup:
    made = trusted("")
    if group.startswith("# khabar sheet"):
        return made
    records: list[str] = []
    for line in group.splitlines():
        if line.startswith("#"):
            made += trusted('<p class="rule">{}</p>\n').format(isolated(line.lstrip("# ")))
        elif re.match(r"s\d+ ", line):
            name, _, sentence = line.partition(" ")
            made += trusted('<p lang="ar" dir="rtl"><span class="name" lang="en" dir="ltr">{}</span> {}</p>\n').format(
                name, shown(sentence)
            )
        elif line.strip():
            records.append(line)
    return made + (trusted('<pre tabindex="0">{}</pre>\n').format(isolated("\n".join(records))) if records else "")
