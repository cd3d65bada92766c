"""Text by reference: annotations of a text that may not be published, found again in anybody's copy of it.

What is published instead of words: `make_windows` (two hashes per stretch of some 96 letters, in the manifest) and, by
`without_words`, an anchor per span (letter offsets, punctuation at its ends, a keyed digest). What finds them again:
`Index.recognise` tells which documents a `Copy` is of, `with_words` fills in an exact copy, `move` carries a layer
over to a copy that differs in white space, punctuation, quotation marks, diacritics, spelling or surroundings.

Nothing here accepts a near match. A stretch counts as found only where 64 bits of SHA-256 agree, a span only where all
of its letters and the edges it needs are certain; everything else is lost with an incident that says why.
"""

from dataset_builder.anchoring.layers import move, with_words, without_words
from dataset_builder.anchoring.search import Copy, Index, Match, find
from dataset_builder.anchoring.windows import folded_sha256, make_windows

__all__ = ["Copy", "Index", "Match", "find", "folded_sha256", "make_windows", "move", "with_words", "without_words"]
