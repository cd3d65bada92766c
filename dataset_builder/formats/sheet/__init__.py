"""The annotation sheet: numbered sentences, under each one record a line, exact quotes instead of offsets.

A sheet costs fewer words than tags inside the text, allows any overlap, and an error stays in its line::

    s1 "الائتلاف" يُدين جرائم ميليشيا "قسد" …
    a1 POLITICAL_BODY | الائتلاف | =etilaf
    a2 ARMED_GROUP | قسد | =sdf
    f1 DELEGITIMISING | ميليشيا | ABOUT=a2
    e1 CONDEMN | يُدين | AGENT=a1 TARGET=a2
    c1 a1 | يُدين | جرائم … قسد | indirect condemn named

`new` makes an empty one, `read` turns a filled one into a layer, `write` a layer into a filled one, `disputed`
two layers into one to adjudicate on.
"""

from dataset_builder.formats.sheet.disputes import disputed
from dataset_builder.formats.sheet.reader import missing_sentences, read
from dataset_builder.formats.sheet.writer import new, write

__all__ = ["disputed", "missing_sentences", "new", "read", "write"]
