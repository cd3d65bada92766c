"""The shape of every JSON record, as pydantic models: what a line must hold before anything else is asked of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

Offset = Annotated[int, Field(ge=0, strict=True)]


def _encodable(text: str) -> str:
    """JSON can spell a lone surrogate, which is no character and can't be written as UTF-8."""
    try:
        text.encode("utf8")
    except UnicodeEncodeError as error:
        raise ValueError(f"character {error.start} is a lone surrogate") from None
    return text


Text = Annotated[str, Field(strict=True), AfterValidator(_encodable)]
DocumentId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", strict=True)]
SpanId = Annotated[str, StringConstraints(pattern=r"^s[0-9a-f]{8}$", strict=True)]
RelationId = Annotated[str, StringConstraints(pattern=r"^r[0-9a-f]{8}$", strict=True)]
ClaimId = Annotated[str, StringConstraints(pattern=r"^c[0-9a-f]{8}$", strict=True)]
Filter = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{4}$", strict=True)]
WindowDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$", strict=True)]
#: Annotators are pseudonyms; whatever else somebody's name is never becomes a path.
ANNOTATOR = "[a-z0-9-]{2,32}"
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", strict=True)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid")


class HeaderRecord(_Record):
    """First line of a layer file: which document, which text, what was annotated, and in a pass by whom."""

    kind: Literal["document"]
    id: DocumentId
    schema_: Annotated[Text, Field(alias="schema")]
    length: Offset
    sha256: Sha256
    layers: list[Text]
    annotator: Annotated[str, StringConstraints(pattern=rf"^({ANNOTATOR})?$", strict=True)] = ""
    guidelines: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$", strict=True)] = ""
    spurious: dict[Text, Offset] = {}
    given: list[Literal["triggers"]] = []


class SpanRecord(BaseModel):
    """A span line; keys beyond the fixed ones are attributes, which the schema checks later."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Text] = Field(init=False)

    kind: Literal["span"]
    id: SpanId
    layer: Text
    label: Text
    start: Offset
    end: Offset
    at: Annotated[list[Offset], Field(min_length=2, max_length=2)] | None = None
    edge: Annotated[list[Text], Field(min_length=2, max_length=2)] | None = None
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{6}$", strict=True)] | None = None
    text: Text | None = None


class RelationRecord(_Record):
    kind: Literal["relation"]
    id: RelationId
    label: Text
    head: SpanId
    tail: SpanId


class ClaimRecord(_Record):
    kind: Literal["claim"]
    id: ClaimId
    source: SpanId | None = None
    cue: SpanId | None = None
    content: list[SpanId]
    parent: ClaimId | None = None
    continues: ClaimId | None = None
    form: Text
    act: Text
    source_status: Text
    medium: Text = "unknown"


class ManifestRecord(_Record):
    """A line of a manifest; the fields are `Document`'s."""

    id: DocumentId
    source: DocumentId
    availability: Literal["included", "referenced"]
    licence: Text
    sha256: Sha256
    length: Offset
    reader: Text
    encoding: Text
    locator: Text = ""
    url: Text = ""
    outlet: Text = ""
    published: Text = ""
    cluster: Text = ""
    story: Text = ""
    words: Offset = 0
    duplicate_of: Text = ""
    excluded: Text = ""
    folded_sha256: Text = ""
    windows: list[tuple[Offset, Offset, Filter, WindowDigest]] = []
    title: Text = ""
