"""The two pictures of docs/annotating.md, made from a composed article.

KHABAR_LABEL_STUDIO=.../bin/label-studio python -m tests.labelstudio.live.screenshots docs
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from dataset_builder.corpus import Corpus
from dataset_builder.labelstudio.config import make_config
from dataset_builder.labelstudio.convert import add_prediction, make_task
from dataset_builder.labelstudio.environment import PROGRAM_VARIABLE
from dataset_builder.labelstudio.server import Login, free_port, running
from tests.browser import ARGUMENTS, CHROMIUM
from tests.conftest import ROOT
from tests.labelstudio.live.studio import SCHEMA, Annotating, Studio, at_work

ARTICLE = "composed-0002-b"


def take(studio: Studio, amal: Annotating, folder: Path) -> None:
    """A pre-annotated task as it opens; then a claim's first content with its attributes."""
    corpus = Corpus(ROOT)
    document, gold = corpus.document(ARTICLE), corpus.layer(ARTICLE)
    task = make_task(document, corpus.text(document) or "", SCHEMA.layers, SCHEMA)
    add_prediction(task, gold, "gold", SCHEMA)
    project = studio.project("Khabar amal", make_config(SCHEMA))
    (number,) = studio.add(project, [task])
    amal.open(project, number)
    amal.wait_marked(len({i for span in gold.spans for i in range(span.start, span.end)}))
    amal.page.wait_for_timeout(1500)  # arrows are drawn a while after the words
    amal.page.screenshot(path=folder / "annotating-task.png")
    amal.regions().filter(has_text="CONTENT").first.click()
    amal.page.wait_for_timeout(1000)
    amal.page.screenshot(path=folder / "annotating-claim.png")


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as kept, sync_playwright() as playwright:
        login = Login.of("amal", Path(kept) / "server")
        program = Path(os.environ[PROGRAM_VARIABLE])
        with running(program, Path(kept) / "server", login, free_port()) as server:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            studio = Studio(server.address, login)
            with at_work(browser, studio) as amal:
                take(studio, amal, folder)
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
