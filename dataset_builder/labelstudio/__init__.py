"""Annotating in Label Studio: its labelling configuration, layers as its tasks, its annotations as passes.

Label Studio's JSON lives in this package only. `names` says what stands for what; `config` makes the configuration and
`check` looks for what Label Studio does not; `convert` makes tasks, `annotations` reads what comes back, `adjudicating`
does both for two passes that are to become gold; `push` and `pull` talk to a server through the `Client` Protocol.
`server` runs one of the annotator's own, and `backend` answers it with a system's suggestions.
"""
