"""A claim in the making, and how claims belong together: nesting, and what an implicit source goes on from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dataset_builder.baselines.rules.contents import Stretch
from dataset_builder.baselines.rules.cues import Anchor
from dataset_builder.baselines.rules.found import Found
from dataset_builder.baselines.system import span
from dataset_builder.model import Claim, Span

#: A claim without these statuses says who speaks, or that the text knows.
#: How many claims before and behind one are looked at for its parent and what it continues.
_WINDOW = 24
_SPEAKING = ("named", "anonymous", "collective", "implicit")


@dataclass(eq=False)
class Draft:
    """A claim: its cue, its content as offsets, and what is known of the source; `status` "" is not yet decided."""

    anchor: Anchor
    contents: list[Stretch]
    source: Found | None
    status: str
    medium: str = "unknown"
    act: str = ""
    form: str = "indirect"
    cue: Stretch | None = None
    parent: Draft | None = None
    continues: Draft | None = None

    @property
    def where(self) -> Stretch:
        return self.cue or (self.anchor.start, self.anchor.end)

    @property
    def length(self) -> int:
        return sum(end - start for start, end in self.contents)

    def holds(self, other: Draft) -> bool:
        """Whether cue and content of another claim lie in this one's content."""
        parts = [other.where, *other.contents]
        return all(any(a <= start and end <= b for a, b in self.contents) for start, end in parts)

    @property
    def is_sound(self) -> bool:
        """Whether there is content, and it overlaps neither cue nor source."""
        parts = [self.where, *([(self.source.start, self.source.end)] if self.source else [])]
        apart = all(end <= a or b <= start for start, end in parts for a, b in self.contents)
        return bool(self.contents) and apart and all(start < end for start, end in self.contents)


def joined(drafts: Sequence[Draft]) -> list[Draft]:
    """Sound claims in the order of their cues, with parents and with what implicit sources continue.

    An implicit source goes on from the last claim before it at the same depth, or from the one around; where there is
    none, nobody is named.
    """
    kept = sorted((d for d in drafts if d.is_sound), key=lambda d: (d.where, -d.length))
    for number, draft in enumerate(kept):
        near = kept[max(0, number - _WINDOW) : number + _WINDOW]
        around = [o for o in near if o is not draft and o.holds(draft) and o.length > draft.length]
        if draft.parent is None or not draft.parent.is_sound:
            draft.parent = min(around, key=lambda o: o.length, default=None)
    for number, draft in enumerate(kept):
        if draft.status != "implicit":
            continue
        draft.continues = _antecedent(kept, number)
        if draft.continues is None:
            draft.status = "none"
        elif draft.medium == "unknown":
            draft.medium = draft.continues.medium
    return kept


def _antecedent(kept: Sequence[Draft], number: int) -> Draft | None:
    """The last claim before one that is as deep in others, else the last that lies in none."""
    draft, outer = kept[number], None
    for each in reversed(kept[max(0, number - _WINDOW) : number]):
        if each.status in _SPEAKING:
            if each.parent is draft.parent:
                return each
            if outer is None and each.parent is None and each is not draft.parent:
                outer = each
    return outer


def records(drafts: Sequence[Draft], events: Sequence[Span], acts: Mapping[str, str]) -> tuple[list[Claim], list[Span]]:
    """Claim records and the spans of their roles; `acts` are those of VERBAL codes, whose trigger a cue may be too."""
    ids: dict[Draft, str] = {}
    spans: list[Span] = []
    for draft in drafts:
        parts = " ".join(f"{start} {end}" for start, end in (draft.where, *draft.contents))
        ids[draft] = f"c{span('CLAIM', parts, *draft.where).id[1:]}"
    performed = {e.start: acts[e.label] for e in events if acts.get(e.label, "say") != "say"}
    claims = []
    for draft in drafts:
        cue = span("CLAIM", "CUE", *draft.where)
        contents = [span("CLAIM", "CONTENT", *part) for part in draft.contents]
        source = draft.source.span if draft.source else None
        spans += [cue, *contents, *([source] if source and source.layer == "CLAIM" else [])]
        verbal = [performed[i] for i in range(cue.start, cue.end) if i in performed]
        claims.append(
            Claim(
                id=ids[draft],
                source=source.id if source else None,
                cue=cue.id,
                content=tuple(content.id for content in contents),
                form=draft.form,
                act=verbal[0] if verbal else draft.act,
                source_status=draft.status,
                medium=draft.medium,
                parent=ids[draft.parent] if draft.parent else None,
                continues=ids[draft.continues] if draft.continues else None,
            )
        )
    return claims, spans
