"""What stands in an export of Label Studio: tasks and the annotations on them, told apart by what they are.

The same JSON comes from a server and from a file that somebody sent. Nothing in it is taken on trust: document ids are
looked up, annotators go by the checkout's own list, and neither becomes a path.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dataset_builder.errors import DataError, UsageError
from dataset_builder.labelstudio.convert import META
from dataset_builder.labelstudio.push import place

State = str
#: What an annotation or task can be, and how the command names it.
STATES: dict[State, str] = {
    "annotated": "annotated",
    "empty": "submitted without any region",
    "skipped": "skipped",
    "draft": "begun and not submitted",
    "prediction": "with predictions only",
    "untouched": "not begun",
}


@dataclass(frozen=True)
class Annotation:
    """One submitted annotation of a task; `state` is "annotated" or "empty".

    `who` and `changed_by` are names that `People` finds pseudonyms for; `changed_by` is "" where nobody else touched
    it. `version` orders the annotations that one person made of a task.
    """

    who: tuple[str, ...]
    changed_by: tuple[str, ...]
    result: Sequence[Mapping[str, Any]]
    state: State
    version: tuple[str, int]


@dataclass
class Task:
    """A task with what is ours in it. `where` is a link, or its number where the address is not known.

    `questions` and `open` (ids of regions) are what a task to adjudicate asks, `gold` the hash of the gold that there
    was when it was made.
    """

    document: str
    text: str
    where: str
    layers: tuple[str, ...] = ()
    relations: Mapping[str, str] = field(default_factory=dict)
    guidelines: str = ""
    questions: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    gold: str = ""
    annotations: list[Annotation] = field(default_factory=list)
    states: Counter[State] = field(default_factory=Counter)


def read_export(path: Path) -> list[Mapping[str, Any]]:
    """The tasks of an export file, or DataError with what to export instead."""
    try:
        tasks = json.loads(path.read_bytes().decode("utf8"))
    except OSError as error:
        raise UsageError(f"{path}: can't be read ({error.strerror}); give a file that Label Studio exported") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: not JSON ({error}); export the project as JSON, not as CSV or JSON-MIN") from error
    if not isinstance(tasks, list) or not all(isinstance(task, dict) for task in tasks):
        raise DataError(f"{path}: not a list of tasks; export the project as JSON")
    if tasks and not any("annotations" in task for task in tasks):
        raise DataError(f'{path}: its tasks have no "annotations"; export the project as JSON, not as JSON-MIN')
    return tasks


def read_tasks(tasks: Iterable[Mapping[str, Any]], users: Mapping[int, str], url: str = "") -> Iterator[Task]:
    """Each task with its annotations. `users` are the server's e-mail addresses by number, where they are known."""
    for entry in tasks:
        data = _mapping(entry.get("data"))
        ours = _mapping(_mapping(entry.get("meta")).get(META))
        number, project = entry.get("id"), entry.get("project")
        known = isinstance(number, int) and isinstance(project, int)
        where = place(url, project, number) if url and known else f"task {number} of project {project}"  # type: ignore[arg-type]
        relations = {k: v for k, v in _mapping(ours.get("relations")).items() if isinstance(v, str)}
        task = Task(
            document=str(data.get("doc_id", "")),
            text=data["text"] if isinstance(data.get("text"), str) else "",
            where=where,
            layers=_words(ours.get("layers")),
            questions=_words(ours.get("questions")),
            open=_words(ours.get("open")),
            gold=str(ours.get("gold") or ""),
            relations=relations,
            guidelines=str(ours.get("guidelines") or ""),
        )
        for each in _list(entry.get("annotations")):
            _add_annotation(_mapping(each), users, task)
        if not task.states:
            task.states[_state_of(entry)] += 1
        elif _list(entry.get("drafts")):
            task.states["draft"] += 1
        yield task


def _add_annotation(each: Mapping[str, Any], users: Mapping[int, str], task: Task) -> None:
    if each.get("was_cancelled"):
        task.states["skipped"] += 1
        return
    result = [entry for entry in _list(each.get("result")) if isinstance(entry, Mapping)]
    state = "annotated" if result else "empty"
    who, changed = _names(each.get("completed_by"), users), _names(each.get("updated_by"), users)
    version = (str(each.get("updated_at") or ""), each["id"] if isinstance(each.get("id"), int) else 0)
    foreign = changed if changed and not set(changed) & set(who) else ()
    task.annotations.append(Annotation(who, foreign, result, state, version))
    task.states[state] += 1


def _state_of(entry: Mapping[str, Any]) -> State:
    """Of a task without annotations."""
    if _list(entry.get("drafts")):
        return "draft"
    return "prediction" if _list(entry.get("predictions")) or entry.get("total_predictions") else "untouched"


def _names(person: object, users: Mapping[int, str]) -> tuple[str, ...]:
    """What a person may be listed under: e-mail address, then user number."""
    number: object = person
    address = ""
    if isinstance(person, Mapping):
        number, address = person.get("id"), str(person.get("email") or "")
    if isinstance(number, int):
        address = address or users.get(number, "")
    names = [address.lower()] if address else []
    return (*names, str(number)) if isinstance(number, int) else tuple(names)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _words(value: object) -> tuple[str, ...]:
    return tuple(word for word in _list(value) if isinstance(word, str))
