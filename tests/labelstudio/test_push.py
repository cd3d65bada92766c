"""Documents to a server: once each, in batches, and what would break Label Studio not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from typer.testing import CliRunner

from dataset_builder.commands import studio as shared
from dataset_builder.commands.cli import app
from dataset_builder.commands.push import push_documents
from dataset_builder.corpus import Corpus, sha256
from dataset_builder.curation.reading import readable
from dataset_builder.errors import UsageError
from dataset_builder.formats.regions import restricted
from dataset_builder.labelstudio import push as module
from dataset_builder.labelstudio.client import Client, ServerError, connect
from dataset_builder.labelstudio.config import make_config
from dataset_builder.labelstudio.convert import META
from dataset_builder.labelstudio.push import Pushed, Sending, check_sending, open_project, push
from dataset_builder.model import Claim, Document, Layer, Relation, Span
from dataset_builder.schema import Schema
from tests.labelstudio.fake import TOKEN, URL, Studio, broken, down, failing, personal_token
from tests.samples import make_checkout

SCHEMA = Schema.load()
FIVE = ["composed-9001-a", "composed-9001-b", "composed-9002-a", "composed-9002-b", "paper-0001"]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return make_checkout(tmp_path, hydrated=True)


@pytest.fixture
def studio() -> Studio:
    return Studio()


def client(studio: Studio, token: str = TOKEN) -> Client:
    return connect(URL, token, studio.transport)


def gold(corpus: Corpus) -> tuple[str, object]:
    return "gold", lambda document, text: readable(corpus, document.id).layer


def sent(corpus: Corpus, studio: Studio, ids: list[str] = FIVE, blind: bool = False) -> Pushed:
    source = None if blind else gold(corpus)
    return push_documents(corpus, client(studio), "Khabar", ids, tuple(SCHEMA.layers), source)  # type: ignore[arg-type]


def test_documents_become_tasks_with_predictions(corpus: Corpus, studio: Studio) -> None:
    pushed = sent(corpus, studio)
    assert (pushed.sent, pushed.there, pushed.found) == (FIVE, [], [])
    assert [task["data"]["doc_id"] for task in studio.stored] == FIVE
    assert all(task["data"]["text_sha256"] == sha256(task["data"]["text"]) for task in studio.stored)
    assert all([p["model_version"] for p in task["predictions"]] == ["gold"] for task in studio.stored)
    # Annotators start from the version that was sent.
    assert studio.projects[0]["model_version"] == "gold"
    assert studio.projects[0]["label_config"] == make_config(SCHEMA)


def test_a_blind_pass_has_nothing_to_start_from(corpus: Corpus, studio: Studio) -> None:
    sent(corpus, studio, blind=True)
    assert all(task["predictions"] == [] and task["meta"][META]["relations"] == {} for task in studio.stored)
    assert "model_version" not in studio.projects[0]


def test_a_second_push_changes_nothing(corpus: Corpus, studio: Studio) -> None:
    sent(corpus, studio, FIVE[:3])
    before = [dict(task) for task in studio.stored]
    again = sent(corpus, studio, FIVE[:3])
    assert (again.sent, again.there) == ([], FIVE[:3]) and studio.stored == before
    more = sent(corpus, studio)
    assert (more.sent, more.there) == (FIVE[3:], FIVE[:3])
    # A document that is named twice in one call is one task too.
    assert len(sent(corpus, studio, ["paper-0001", "paper-0001"]).there) == 2 and len(studio.stored) == 5


def test_a_changed_text_is_refused_with_the_reason(corpus: Corpus, studio: Studio) -> None:
    sent(corpus, studio)
    studio.stored[1]["data"]["text"] += " وأكثر"  # as if it had been sent before the text was corrected
    again = sent(corpus, studio)
    assert again.refused == ["composed-9001-b"] and len(again.there) == 4 and len(studio.stored) == 5
    (incident,) = again.found
    assert incident.code == "task-text" and incident.is_error
    assert incident.path == f"{URL}/projects/1/data?task=2" and "another text" in incident.fact


def test_a_task_that_stands_there_twice_is_named(corpus: Corpus, studio: Studio) -> None:
    sent(corpus, studio, FIVE[:1])
    studio.stored.append(studio.stored[0] | {"id": 9})
    again = sent(corpus, studio, FIVE[:1])
    assert [str(i) for i in again.found] == [
        f"{URL}/projects/1/data?task=9: warning[L0 task-repeated] composed-9001-a is task 1 and task 9"
    ]


def test_many_documents_go_in_batches_and_over_pages(
    corpus: Corpus, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1,203 documents are 13 requests of 100 and three pages of 500 to look through on the second run."""
    text = corpus.text(corpus.document("composed-9002-b")) or ""
    document = corpus.document("composed-9002-b")
    many = [Sending(replace(document, id=f"composed-{n:04}"), text, ("ACTOR",)) for n in range(1203)]
    counted: list[int] = []
    project = open_project(client(studio), "Khabar", SCHEMA)
    pushed = push(client(studio), project, iter(many), SCHEMA, counted.append)
    assert len(pushed.sent) == len(studio.stored) == sum(counted) == 1203
    assert studio.requests.count("POST /api/projects/1/import") == 13
    asked = studio.requests.count("GET /api/tasks/")
    assert len(push(client(studio), project, many, SCHEMA).there) == 1203
    assert studio.requests.count("GET /api/tasks/") - asked == 3


@pytest.mark.parametrize("fault", [broken, down, failing(500), failing(502, "<html>" + "x" * 170_000)])
def test_a_server_that_fails_in_between_loses_nothing(
    corpus: Corpus, studio: Studio, fault: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    sent(corpus, studio, [])
    # whoami, projects, tasks, then imports of 2, 2 and 1: the second of them fails.
    studio.fail_at[len(studio.requests) + 5] = fault  # type: ignore[assignment]
    with pytest.raises(ServerError) as error:
        sent(corpus, studio)
    said = str(error.value)
    assert "2 documents were sent to project 'Khabar' before that; the same command goes on" in said
    assert len(said) < 500 and "\n" not in said
    rest = sent(corpus, studio)
    assert (rest.sent, rest.there) == (FIVE[2:], FIVE[:2])
    assert sorted(task["data"]["doc_id"] for task in studio.stored) == FIVE


def test_an_import_that_was_carried_out_before_the_connection_broke_is_not_repeated(
    corpus: Corpus, studio: Studio
) -> None:
    def stored_and_broken(request: httpx2.Request) -> httpx2.Response:
        studio._routed(request, request.url.path)
        raise httpx2.ReadTimeout("timed out", request=request)

    sent(corpus, studio, [])
    studio.fail_at[len(studio.requests) + 4] = stored_and_broken
    with pytest.raises(ServerError, match="no answer within 300 seconds"):
        sent(corpus, studio)
    again = sent(corpus, studio)
    assert (again.sent, again.there) == ([], FIVE) and len(studio.stored) == 5


def test_a_project_with_another_configuration_is_refused(corpus: Corpus, studio: Studio) -> None:
    sent(corpus, studio, FIVE[:1])
    studio.projects[0]["label_config"] = studio.projects[0]["label_config"].replace('value="STATE"', 'value="STATES"')
    with pytest.raises(
        UsageError, match=r"another labelling configuration .*which label does not offer; did you mean 'STATES'"
    ):
        sent(corpus, studio)
    assert len(studio.stored) == 1


def test_a_configuration_that_only_looks_different_is_taken(corpus: Corpus, studio: Studio) -> None:
    """Whoever made the text larger, or uses an older version's layout, goes on in the same project."""
    sent(corpus, studio, FIVE[:1])
    studio.projects[0]["label_config"] = studio.projects[0]["label_config"].replace(
        "font-size: 20px", "font-size: 24px"
    )
    assert len(sent(corpus, studio).sent) == 4


def test_projects_of_one_title(corpus: Corpus, studio: Studio) -> None:
    studio.projects += [{"id": n, "title": "Khabar", "label_config": make_config(SCHEMA)} for n in (1, 2)]
    with pytest.raises(UsageError, match=r"2 projects 'Khabar' \(1, 2\)"):
        sent(corpus, studio)
    with pytest.raises(UsageError, match="3 to 50 characters"):
        open_project(client(studio), "K", SCHEMA)


def test_a_text_that_is_not_here_is_left_out_and_named(
    corpus: Corpus, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stands in the middle of what is sent, and what was sent is whole without it."""
    monkeypatch.setattr(shared, "connect", lambda url, token: connect(url, TOKEN, studio.transport))
    monkeypatch.setenv("KHABAR_ROOT", str(corpus.root))
    text = corpus.text_path(corpus.document("paper-0001"))
    content = text.read_bytes()
    text.unlink()
    order = [FIVE[0], "paper-0001", *FIVE[1:4]]
    for layer in ((), ("--layer", "gold")):
        done = CliRunner().invoke(app, ["push", *order, "--project", f"Khabar {layer}", *layer])
        assert done.exit_code == 1 and "4 documents sent, 0 there before, 1 refused" in done.stdout, done.output
        assert "paper-0001: error[L0 text-not-here]" in done.stderr and "khabar hydrate" in done.stderr
    assert [task["data"]["doc_id"] for task in studio.stored] == FIVE[:4] * 2
    text.write_bytes(content)
    done = CliRunner().invoke(app, ["push", *order, "--project", "Khabar ()"])
    assert done.exit_code == 0 and "1 documents sent, 4 there before, 0 refused" in done.stdout, done.output


# --- tokens and addresses


@pytest.mark.parametrize(
    ("address", "is_warned"),
    [
        ("http://studio.example:8080", True),
        ("http://192.168.1.7", True),
        ("http://127.0.0.1.example.org", True),
        ("https://studio.example", False),
        ("http://127.0.0.1:8080", False),
        ("http://127.8.0.1:8080", False),
        ("http://localhost:8080", False),
        ("http://[::1]:8080", False),
    ],
)
def test_a_token_that_goes_over_the_network_in_clear_is_warned_of(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str, is_warned: bool
) -> None:
    monkeypatch.setattr(shared, "connect", lambda url, token: connect(url, token, studio.transport))
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    with shared.connected(address) as there:
        assert there.projects() == []
    said = capsys.readouterr().err
    assert said.count("\n") == is_warned and TOKEN not in said
    assert not is_warned or (said.startswith(f"{address}: the token") and "unencrypted" in said)


class Transport(httpx2.MockTransport):
    """Counts how often it was closed."""

    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_a_connection_ends_with_what_it_was_for(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """And with whatever ends that, and where nobody is let in."""
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    transport = Transport(studio._answer)
    monkeypatch.setattr(shared, "connect", lambda url, token: connect(url, token, transport))
    with shared.connected("http://127.0.0.1:8080") as there:
        assert there.projects() == [] and transport.closed == 0
    assert transport.closed == 1
    with pytest.raises(KeyboardInterrupt), shared.connected("http://127.0.0.1:8080"):
        raise KeyboardInterrupt
    assert transport.closed == 2
    with pytest.raises(ServerError, match="token was refused"):
        connect(URL, "f" * 40, transport)
    assert transport.closed == 3


def test_a_personal_token_is_traded_and_traded_again_when_it_has_run_out(corpus: Corpus, studio: Studio) -> None:
    there = client(studio, studio.personal)
    assert studio.requests[:2] == ["POST /api/token/refresh", "GET /api/current-user/whoami"]
    studio.access += 1  # what it was traded for holds no longer
    push_documents(corpus, there, "Khabar", FIVE, tuple(SCHEMA.layers), None)
    assert len(studio.stored) == 5 and studio.requests.count("POST /api/token/refresh") == 2


@pytest.mark.parametrize(
    ("token", "said"),
    [("f" * 40, "Invalid token."), (personal_token()[:-4] + ".old", "Token is invalid or expired")],
    ids=["wrong", "expired"],
)
def test_a_refused_token_is_told_in_one_sentence(studio: Studio, token: str, said: str) -> None:
    with pytest.raises(ServerError, match="LABEL_STUDIO_API_KEY") as error:
        client(studio, token)
    assert f"the token was refused ({said})" in str(error.value) and token not in str(error.value)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (failing(404, "<!DOCTYPE html>" + "x" * 170_000), "nothing is there (api/current-user/whoami)"),
        (failing(200, "<html>a shop</html>"), "what answers there is not Label Studio"),
        (failing(200, '{"hello": 1}'), "what answers there is not Label Studio"),
        (failing(403), "may not do this (api/current-user/whoami: boom)"),
        (failing(400, '{"validation_errors": {"label_config": ["bad"]}}'), "refused (400"),
        (lambda r: httpx2.Response(301, headers={"location": "https://studio.example/"}), "sends on to https://studio"),
        (down, "nobody answers there ([Errno 111] Connection refused)"),
        (broken, "the connection broke"),
    ],
)
def test_what_answers_oddly_is_told_in_one_sentence(studio: Studio, answer: object, said: str) -> None:
    studio.fail_at[1] = answer  # type: ignore[assignment]
    with pytest.raises(ServerError) as error:
        client(studio)
    assert said in str(error.value) and len(str(error.value)) < 400, str(error.value)


def test_what_is_missing_is_told_before_anybody_is_asked(studio: Studio) -> None:
    with pytest.raises(UsageError, match="give an address such as"):
        connect("studio.example", TOKEN, studio.transport)
    with pytest.raises(UsageError, match="no token for"):
        connect(URL, "", studio.transport)
    assert studio.requests == []


# --- what would break Label Studio


def spans(*spans: Span, **more: object) -> Layer:
    """A layer over "دخل الجيش المدينة" (17 code points)."""
    return replace(Layer("d1", "1.0", 17, sha256(TEXT), tuple(SCHEMA.layers), spans), **more)  # type: ignore[arg-type]


TEXT = "دخل الجيش المدينة"
ARMY = Span("s00000001", "ACTOR", "STATE_FORCES", 4, 9, {"mention": "nominal"})
TOWN = Span("s00000002", "LOCATION", "POPULATED_PLACE", 10, 17)


def codes(layer: Layer, text: str = TEXT) -> list[str]:
    document = Document("d1", "composed", "included", "cc", sha256(TEXT), 17, "plain/1", "utf-8")
    return [i.code for i in check_sending(Sending(document, text, tuple(SCHEMA.layers), (("x", layer),)), SCHEMA)]


@pytest.mark.parametrize(
    ("layer", "code"),
    [
        (spans(ARMY, replace(TOWN, id="s00000001")), "duplicate-id"),
        (spans(ARMY, relations=(Relation("r00000001", "AGENT", "s0000000f", "s00000001"),)), "dangling-reference"),
        (spans(replace(ARMY, end=18)), "offset-range"),
        (spans(replace(ARMY, start=-1)), "offset-range"),
        (spans(replace(ARMY, start=9, end=4)), "offset-range"),
        (spans(replace(ARMY, label="ARMY")), "unknown-label"),
        (spans(replace(ARMY, layer="WHO")), "unknown-layer"),
        (spans(replace(ARMY, attributes={"colour": "red"})), "unknown-attribute"),
        (spans(replace(ARMY, attributes={"entity": "\ud83c"})), "lone-surrogate"),
        (spans(ARMY, TOWN, relations=(Relation("r00000001", "NEAR", "s00000001", "s00000002"),)), "unknown-relation"),
        (spans(ARMY, claims=(Claim("c00000001", None, None, (), "indirect", "say", "none"),)), "claim-without-content"),
        (spans(ARMY, sha256="0" * 64), "text-differs"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_would_break_label_studio_is_not_sent(layer: Layer, code: str) -> None:
    assert codes(layer) == [code]
    assert codes(spans(ARMY, TOWN)) == []


def test_a_lone_surrogate_never_reaches_the_server(corpus: Corpus, studio: Studio) -> None:
    """Label Studio takes it, and from then on the whole project's export answers 500."""
    document = corpus.document("composed-9002-b")
    bad = Sending(document, "قصف \ud83c", ("EVENT",))
    project = open_project(client(studio), "Khabar", SCHEMA)
    pushed = push(client(studio), project, [bad], SCHEMA)
    assert pushed.refused == ["composed-9002-b"] and studio.stored == []
    assert [i.code for i in pushed.found] == ["task-text", "lone-surrogate"]


def test_some_layers_alone(corpus: Corpus, studio: Studio) -> None:
    layers = ("ACTOR", "EVENT")
    push_documents(corpus, client(studio), "Khabar", FIVE[:1], layers, gold(corpus))  # type: ignore[arg-type]
    result = studio.stored[0]["predictions"][0]["result"]
    gave = restricted(readable(corpus, FIVE[0]).layer, layers)
    assert {s.layer for s in gave.spans} == set(layers) and gave.claims == ()
    assert sum(entry.get("from_name") == "label" for entry in result) == len(gave.spans) == 9
    assert {label for e in result if e["type"] == "relation" for label in e["labels"]} == {"AGENT", "TARGET"}
    assert studio.stored[0]["meta"][META]["layers"] == list(layers)


# --- the command


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name documents, or --split"),
        (("composed-9001-a", "--layer", "nobody"), "neither gold, nor passes/<annotator>, nor a file"),
        (("composed-9001-a", "--layer", "gold", "--model", "x"), "give one of them"),
        (("composed-9001-x",), "did you mean 'composed-9001-b' or 'composed-9001-a'"),
        (("composed-9001-a", "--layers", "ACTORS"), "did you mean 'ACTOR'"),
        (("composed-9001-a", "--layers", "CLAIM"), "CLAIM needs ACTOR"),
        (("composed-9001-a", "--layers", "EVENT,CLAIM,FRAME"), "the source of a claim may be of that layer"),
        (("composed-9001-a", "--server", "studio"), "give an address such as"),
        (("composed-9001-a",), "no token for http://127.0.0.1:8080"),
    ],
)
def test_a_call_that_can_not_be_meant(corpus: Corpus, arguments: tuple[str, ...], said: str) -> None:
    environment = {"LABEL_STUDIO_API_KEY": None, "LABEL_STUDIO_URL": None, "KHABAR_ROOT": str(corpus.root)}
    done = CliRunner().invoke(app, ["push", *arguments], env=environment)
    assert isinstance(done.exception, UsageError) and said in str(done.exception)
