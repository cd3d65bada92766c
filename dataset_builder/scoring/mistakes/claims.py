"""Mistakes in claims: their roles, who speaks, and which claim lies in which."""

from __future__ import annotations

from collections.abc import Sequence

from dataset_builder.model import Extents, Layer
from dataset_builder.schema import Schema
from dataset_builder.scoring.claims import ROLES, SOFT, AlignedClaims, Filled, Role, dice, same_content
from dataset_builder.scoring.mistakes.parts import Found, Part, Side, place
from dataset_builder.scoring.sides import Pair
from dataset_builder.voice import source_actor


def claims(pair: Pair, schema: Schema) -> Found:
    aligned = AlignedClaims.of(pair)
    for gold, predicted in aligned.together:
        wrong = [role for role in ROLES if dice(gold.roles[role], predicted.roles[role]) < SOFT]
        if wrong:
            kinds = " and ".join(_role_kind(role, gold, predicted) for role in wrong)
            yield "soft", kinds, _of_claim(pair.gold, gold), _of_claim(pair.predicted, predicted)
    paired = {i for i, _ in aligned.indices}, {j for _, j in aligned.indices}
    cues = [[claim.roles["CUE"] for claim in side] for side in (aligned.gold, aligned.predicted)]
    for i, claim in enumerate(aligned.gold):
        if i not in paired[0]:
            yield "soft", _missed_kind(claim, cues[1]), _of_claim(pair.gold, claim), None
    for j, claim in enumerate(aligned.predicted):
        if j not in paired[1]:
            yield "soft", "spurious claim", None, _of_claim(pair.predicted, claim)
    yield from _attribution(pair, aligned)
    yield from _nesting(pair, aligned)


def _role_kind(role: Role, gold: Filled, predicted: Filled) -> str:
    one, other = gold.roles[role], predicted.roles[role]
    name = role.lower()
    if not one or not other:
        return f"{name} {'spurious' if other else 'missed'}"
    if not dice(one, other) or role != "CONTENT":
        return f"wrong {name}"
    lengths = [sum(end - start for start, end in extents) for extents in (one, other)]
    return "content too short" if lengths[1] < lengths[0] else "content too long"


def _missed_kind(claim: Filled, cues: Sequence[Extents]) -> str:
    if claim.claim.parent:
        return "nested claim missed"
    if claim.roles["CUE"] and not any(cue and dice(claim.roles["CUE"], cue) for cue in cues):
        return "cue missed"
    return "claim missed"


def _attribution(pair: Pair, aligned: AlignedClaims) -> Found:
    """Same content, another actor: counted by the measure `attribution`, which is about gold and predicted alike."""
    for gold, predicted in aligned.together:
        if same_content(gold, predicted) and not aligned.same_actor(gold.claim, predicted.claim):
            implicit = gold.claim.source_status == "implicit"
            kind = "implicit source resolved wrongly" if implicit else "wrong actor"
            yield "attribution", kind, _of_claim(pair.gold, gold), _of_claim(pair.predicted, predicted)


def _nesting(pair: Pair, aligned: AlignedClaims) -> Found:
    right = aligned.nested_right
    partner = {gold.claim.id: predicted for gold, predicted in aligned.together}
    right_too = {partner[id].claim.id for id in right}
    back = {predicted.claim.id: gold for gold, predicted in aligned.together}
    shown: set[str] = set()
    for gold in aligned.gold:
        if gold.claim.parent and gold.claim.id not in right:
            other = partner.get(gold.claim.id)
            nests = other if other is not None and other.claim.parent else None
            shown |= {nests.claim.id} if nests else set()
            kind = "nested in another claim" if nests else "nesting missed" if other else "nested claim missed"
            yield "nesting", kind, _of_claim(pair.gold, gold), _of_claim(pair.predicted, nests) if nests else None
    for predicted in aligned.predicted:
        if predicted.claim.parent and predicted.claim.id not in right_too | shown:
            kind = "spurious nesting" if predicted.claim.id in back else "spurious nested claim"
            yield "nesting", kind, None, _of_claim(pair.predicted, predicted)


def _of_claim(layer: Layer, filled: Filled) -> Side:
    parts = tuple(Part(role, *extent) for role in ("CUE", "SOURCE", "CONTENT") for extent in filled.roles[role])
    actor = source_actor(layer, filled.claim)
    if actor is not None and filled.claim.source is None:
        parts += (Part("ANTECEDENT", *place(actor)),)
    return Side(f"{filled.claim.act} {filled.claim.form}", parts, f"source {filled.claim.source_status}")
