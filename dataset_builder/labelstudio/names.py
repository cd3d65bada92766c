"""What our controls and answers are called in Label Studio."""

#: The one control that gives regions their label, and the text that they are regions of.
LABEL = "label"
TEXT = "text"
#: In a project to adjudicate: the control that says whether a disputed region is right, its answers, and what stands
#: behind the label of a disputed arrow.
DECISION = "decision"
RIGHT, WRONG = "right", "wrong"
OPEN = "?"
