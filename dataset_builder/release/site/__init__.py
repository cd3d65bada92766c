"""A folder of static pages to look at the corpus: it opens from disk, loads nothing, and needs no script to be read.

::

    documents   which documents, what is known of each, how they are listed
    search      the view of texts in which the list's search looks
    comparison  one event as its outlets tell it
    plots       bars with intervals, years
    audit       the bias audit as plots
    overview    the corpus, the agreement and the results in figures and plots
    writing     what people wrote as Markdown, and worked examples, as pages
    build       all of it into a folder
"""
