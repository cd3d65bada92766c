"""The dataset card: metadata in the Hub's own vocabularies, the template's sections, answers of the datasheet."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import DatasetCard
from huggingface_hub.repocard import TEMPLATE_DATASETCARD_PATH

from dataset_builder.release import folder
from dataset_builder.release.answers import answers, plain, questions, read_answers, unanswered
from dataset_builder.release.content import make_release
from tests import samples
from tests.cli import HERE, khabar


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> DatasetCard:
    """The card of a small corpus with this repository's datasheet."""
    corpus = samples.make_checkout(tmp_path_factory.mktemp("card"))
    (corpus.root / "DATASHEET.md").write_text((HERE / "DATASHEET.md").read_text("utf8"), "utf8")
    out = corpus.root / "dist" / "khabar"
    folder.write(make_release(corpus), corpus, out)
    assert (out / "DATASHEET.md").read_bytes() == (corpus.root / "DATASHEET.md").read_bytes()
    return DatasetCard.load(out / "README.md")


def known(name: str) -> Any:
    """A vocabulary of the Hub's metadata, as the library `datasets` has it."""
    return json.loads(resources.files("datasets.utils.resources").joinpath(f"{name}.json").read_text("utf8"))


def test_metadata_are_complete_and_in_the_hubs_words(card: DatasetCard) -> None:
    data = card.data.to_dict()
    assert set(data["annotations_creators"]) <= set(known("creators")["annotations"])
    assert set(data["language_creators"]) <= set(known("creators")["language"])
    assert set(data["language"]) <= set(known("languages")) and data["language_bcp47"] == ["ar", "ar-TN", "ar-SY"]
    assert "Tunisia" in data["language_details"]
    assert set(data["size_categories"]) <= set(known("size_categories"))
    assert set(data["multilinguality"]) <= set(known("multilingualities"))
    assert data["license"] == "cc-by-4.0" and data["source_datasets"][0] == "original"
    configs = [config["config_name"] for config in data["configs"]]
    assert configs == [info["config_name"] for info in data["dataset_info"]]
    assert set(configs) == {"documents", "entities", "events", "claims", "frames", "standoff"}
    assert all(info["features"] and info["splits"] for info in data["dataset_info"])


def test_sections_are_those_of_the_hubs_template(card: DatasetCard) -> None:
    """In its order; what says nothing here (a demo, a glossary, carbon …) is left out."""
    template = [line for line in TEMPLATE_DATASETCARD_PATH.read_text("utf8").splitlines() if line.startswith("##")]
    wanted = [heading.split("[", 1)[0].strip() for heading in template]
    ours = [line for line in card.text.splitlines() if line.startswith("##")]
    shared = [heading for heading in ours if heading in wanted]
    assert shared == [heading for heading in wanted if heading in shared]
    assert set(wanted) - set(shared) <= {
        "### Dataset Sources",
        "## Glossary",
        "## Dataset Card Authors",
    }


def test_the_card_quotes_the_datasheet(card: DatasetCard) -> None:
    given = read_answers(HERE)
    for number in ("2.14", "4.1", "5.4", "5.5", "8.3", "8.4"):
        assert given[number] in card.text
    assert "<!--" not in card.text and "\n\n\n" not in card.text


def test_each_question_has_a_number_of_its_own_and_is_answered_here() -> None:
    asked = [question for section in questions().values() for question in section]
    assert len({question.split(" ", 1)[0] for question in asked}) == len(asked) == 57 + 8
    assert unanswered((HERE / "DATASHEET.md").read_text("utf8")) == []


def test_an_open_question_fails_the_check(tmp_path: Path) -> None:
    corpus = samples.make_checkout(tmp_path)
    sheet = corpus.root / "DATASHEET.md"
    whole = (HERE / "DATASHEET.md").read_text("utf8")
    sheet.write_text(whole, "utf8")
    khabar(corpus, "datasheet")
    assert khabar(corpus, "datasheet", "--check").code == 0
    cut = sheet.read_text("utf8").replace("Nobody: there is no grant and no client.", "<!-- to be written -->")
    sheet.write_text(cut.replace("### 8.4 Annotator demographic", "### Annotators"), "utf8")
    found = khabar(corpus, "datasheet", "--check")
    assert found.code == 1
    assert "no answer to “### 1.3 Who paid for it?”" in found.out and "8.4 Annotator demographic" in found.out


def test_an_answer_ends_at_the_next_heading_and_is_plain_where_asked() -> None:
    sheet = "### 1.1 Why?\n\nA **b**\n`c`.\n\n| x |\n|---|\n\n- d\n\n#### More\n\ne\n\n## 2. Next\n\nf\n"
    assert answers(sheet) == {"1.1": "A **b**\n`c`.\n\n| x |\n|---|\n\n- d\n\n#### More\n\ne"}
    assert plain("A **b**\n`c`.\n\n| x |\n|---|\n\n- d") == "A b c. d"


def test_citation_names_the_data_version() -> None:
    version = (HERE / "annotations" / "release.toml").read_text("utf8").split('version = "')[1].split('"')[0]
    assert f"\nversion: {version}\n" in (HERE / "CITATION.cff").read_text("utf8")
