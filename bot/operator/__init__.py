"""Whoever runs the installation: making it, looking after it, backing it up, bringing it back.

Begin at `installation` (what a start makes and what it refuses) and `doctor` (how it is, in
words). It may know every room of the server; no room below knows it. It opens no report: what a
witness said is sealed from the operator, too.
"""
