"""Label Studio as a test uses it: its interface by plain HTTP, and its page by mouse and keyboard."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dataset_builder.labelstudio.palette import hotkeys
from dataset_builder.labelstudio.server import Login
from dataset_builder.schema import Schema

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Response

SCHEMA = Schema.load()


@dataclass(frozen=True)
class Studio:
    """A server with one person's login."""

    address: str
    login: Login

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer's JSON; AssertionError with the answer where it is an error."""
        request = urllib.request.Request(
            f"{self.address}/api/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Token {self.login.token}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()[:500]!r}") from error
        return json.loads(content) if content else None

    def project(self, title: str, config: str, **settings: object) -> int:
        return int(self.ask("POST", "projects/", {"title": title, "label_config": config, **settings})["id"])

    def add(self, project: int, tasks: Sequence[Any]) -> list[int]:
        return list(self.ask("POST", f"projects/{project}/import?return_task_ids=true", tasks)["task_ids"])

    def export(self, project: int) -> list[Any]:
        return list(self.ask("GET", f"projects/{project}/export?exportType=JSON&download_all_tasks=true"))

    def invite(self, login: Login) -> None:
        """Another annotator, through the link by which alone one can sign up."""
        link = self.ask("GET", "invite")["invite_url"]
        jar = urllib.request.HTTPCookieProcessor()
        opener = urllib.request.build_opener(jar)
        address = f"{self.address}{link}" if link.startswith("/") else link
        opener.open(address, timeout=30).close()
        token = next(cookie.value for cookie in jar.cookiejar if cookie.name == "csrftoken")
        form = {"email": login.email, "password": login.password, "csrfmiddlewaretoken": token}
        sent = urllib.parse.urlencode(form).encode()
        opener.open(urllib.request.Request(address, sent, {"Referer": self.address}), timeout=30).close()


@contextmanager
def at_work(browser: Browser, studio: Studio, **options: Any) -> Iterator[Annotating]:
    """A browser window of its own, in which this person has logged in. Whatever it asks of another host fails it."""
    context = browser.new_context(viewport={"width": 1500, "height": 1000}, **options)
    page = context.new_page()
    page.set_default_timeout(60_000)  # A busy machine is slow, not wrong.
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url) if not _inside(request.url, studio) else None)
    try:
        page.goto(f"{studio.address}/user/login/")
        page.fill("input[name=email]", studio.login.email)
        page.fill("input[name=password]", studio.login.password)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "/user/login" not in url)
        yield Annotating(page, studio)
    finally:
        context.close()
    assert not outside, f"the page asked other hosts: {outside[:3]}"


def _inside(url: str, studio: Studio) -> bool:
    return url.startswith((studio.address, "data:", "blob:"))


#: A row of the list of regions.
ITEM = ".lsf-outliner-item:not(.lsf-outliner-item__content)"

#: The text's code points as they stand on the page: [node, offset, UTF-16 units], or null for a newline, which is a
#: <br>. Captions of labels are no text.
_POINTS = """
  const container = document.querySelector('.lsf-richtext__container') ?? document.createElement('div');
  const walk = document.createTreeWalker(container, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  const places = [];
  for (let node; (node = walk.nextNode());) {
    if (node.nodeType === 1) { if (node.tagName === 'BR') places.push(null); continue; }
    for (let i = 0; i < node.length; ) {
      const size = node.data.codePointAt(i) > 0xffff ? 2 : 1;
      places.push([node, i, size]); i += size;
    }
  }
"""

#: Whether one label is chosen, with its key behind its name, or none.
CHOSEN = """
label => {
  const chosen = [...document.querySelectorAll('.lsf-label_selected')].map((e) => e.textContent);
  return label ? chosen.length === 1 && chosen[0].startsWith(label) : chosen.length === 0;
}
"""

PLACE = (
    "([start, end]) => {"
    + _POINTS
    + """
  const box = (at) => {
    const [node, offset, size] = places[at];
    const range = document.createRange();
    range.setStart(node, offset); range.setEnd(node, offset + size);
    node.parentElement.scrollIntoView({block: 'center'});
    const r = range.getBoundingClientRect();
    return [r.left, r.right, (r.top + r.bottom) / 2];
  };
  return [box(start), box(end - 1)];
}
"""
)


MARKED = (
    "() => {"
    + _POINTS
    + """
  return places.map((place) => {
    const labels = [];
    for (let e = place && place[0].parentElement; e && !e.matches('.lsf-richtext__container'); e = e.parentElement)
      if (e.matches('.htx-highlight')) labels.push(e.dataset.label.replace(/^\\d+:/, ''));
    return labels;
  });
}
"""
)


@dataclass(frozen=True)
class Annotating:
    """Somebody before the page."""

    page: Page
    studio: Studio

    def open(self, project: int, task: int) -> None:
        self.page.goto(f"{self.studio.address}/projects/{project}/data?task={task}")
        # The page draws the task twice, the second time when all that it asked for has come.
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_selector(".lsf-richtext__container .lsf-richtext__line")

    def mark(self, layer: str, label: str, start: int, end: int, *choices: str) -> None:
        """Choose a label by its key, draw the mouse over the text, from the right edge of the first letter to the left
        edge of the last, and tick the choices of the new region."""
        before = self.regions().count()
        self.choose(layer, label)
        self.place(start, end)  # scrolls
        (_, right, top), (left, _, bottom) = self.place(start, end)
        # What comes faster than a hand is one gesture to the page: a word inside a region would get the region's label.
        self.page.wait_for_timeout(500)
        self.page.mouse.move(right - 1, top)
        self.page.mouse.down()
        self.page.mouse.move((right + left) / 2, (top + bottom) / 2, steps=4)
        self.page.mouse.move(left + 1, bottom, steps=4)
        self.page.mouse.up()
        self.page.wait_for_function(f"n => document.querySelectorAll('{ITEM}').length > n", arg=before)
        if choices:
            self.regions().nth(before).click()
            for choice in choices:
                self.page.locator(f'input[name="{choice}"]:visible').first.check()
        # Until nothing is chosen any more the next key would change this region's label.
        self._pressed("Escape", "")

    def choose(self, layer: str, label: str) -> None:
        """Press the label's key."""
        self._pressed(hotkeys(SCHEMA)[layer, label].replace("shift", "Shift"), label)

    def _pressed(self, key: str, label: str) -> None:
        """Press a key until this label alone is chosen ("" for none): a page that is busy loses one now and then."""
        from playwright.sync_api import TimeoutError as NoAnswer

        for presses_left in (2, 1, 0):
            self.page.keyboard.press(key)
            try:
                self.page.wait_for_function(CHOSEN, arg=label, timeout=5_000)
                return
            except NoAnswer:
                if not presses_left:
                    raise

    def place(self, start: int, end: int) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
        """Where the first and the last code point of a stretch stand: left, right, middle."""
        first, last = self.page.evaluate(PLACE, [start, end])
        return tuple(first), tuple(last)

    def regions(self) -> Locator:
        return self.page.locator(ITEM)

    def relate(self, label: str, head: int, tail: int) -> None:
        """Draw an arrow between two regions, counted as the list has them, and give it its label."""
        self.regions().nth(head).click()
        self.page.get_by_role("button", name="Create Relation").click()
        self.regions().nth(tail).click()
        self._tab("Relations")
        row = self.page.locator(".lsf-relations__item").last
        row.hover()
        row.get_by_role("button", name="Show Relation Labels").click()
        row.get_by_text("Select labels").click()
        self.page.get_by_role("option", name=label, exact=True).click()
        self.page.keyboard.press("Escape")
        self._tab("Regions")

    def _tab(self, name: str) -> None:
        self.page.locator(".lsf-panel-tabs__tab:visible").filter(has_text=name).first.click()

    def labels(self) -> list[list[str]]:
        """For each code point of the text as it stands on the page the labels of the regions around it."""
        return list(self.page.evaluate(MARKED))

    def wait_marked(self, letters: int) -> None:
        """Wait until so many code points are highlighted; the list beside the text shows only some of its rows."""
        condition = f"letters => ({MARKED.strip()})().filter((labels) => labels.length).length >= letters"
        self.page.wait_for_function(condition, arg=letters)

    def submit(self) -> None:
        """Press the button; AssertionError with what the page says where it does not submit."""
        from playwright.sync_api import TimeoutError as NoAnswer

        try:
            with self.page.expect_response(_of_submission):
                self.page.get_by_role("button", name="Submit").or_(
                    self.page.get_by_role("button", name="Update")
                ).click()
        except NoAnswer as error:
            said = self.page.locator(".ant-modal-wrap").all_inner_texts()
            raise AssertionError(f"the page does not submit: {said}") from error


def _of_submission(answer: Response) -> bool:
    return "/annotations" in answer.url and answer.request.method in ("POST", "PATCH")
