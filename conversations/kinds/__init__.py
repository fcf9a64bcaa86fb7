"""The kinds of question, one file each: which buttons it has, what it says, what typed words and
presses mean to it, and what an edit of its words does.

May not know where the flow goes: a kind returns a Turn, and moves.py takes it. Two know more than
their own question: a date offers what stands behind it as the place, and the review is about all
answers. Begin with when.py; questions.py is how a flow is written in them.
"""
