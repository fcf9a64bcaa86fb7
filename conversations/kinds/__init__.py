"""The kinds of question, one file each: which buttons it has, what it says, what typed words and
presses mean to it, and what an edit of its words does.

May not know: another question, or where the flow goes; a kind returns a Turn, and moves.py takes
it. Begin with when.py; questions.py is how a flow is written in them.
"""
