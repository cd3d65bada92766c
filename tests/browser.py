"""A real headless Chromium for tests of pages; they skip, visibly, where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path(os.environ.get("KHABAR_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole session."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    if not CHROMIUM.is_file():
        pytest.skip(f"needs {CHROMIUM} (or KHABAR_CHROMIUM)")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a file; at the end whatever the browser complained about (errors, blocked content) fails the test.

    Keyword arguments are Playwright's for a context: viewport, color_scheme, has_touch.
    """
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_one(path: Path, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"{page.url} {message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url} {error}"))
        page.on("requestfailed", lambda request: complaints.append(f"request failed: {request.url}"))
        page.goto(path.as_uri())
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_page(visit: Callable[..., Page], tmp_path: Path) -> Callable[..., Page]:
    """Opens HTML as a file, as `visit` does."""
    numbers = iter(range(1, 1000))

    def open_one(html: str, **options: Any) -> Page:
        path = tmp_path / f"page-{next(numbers)}.html"
        path.write_text(html, "utf8", newline="")
        return visit(path, **options)

    return open_one


def barriers(page: Page) -> list[str]:
    """What axe-core finds on the page that keeps people from using it, of impact serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {node['html'][:200]} {node['failureSummary']}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]
