"""An officer's own machine: the only room that ever holds an identity, and the only one that opens
anything.

Begin at `open_package`: everything is checked as it opens; `open_all` is that for many, `verify`
the same without a key. There is no database here, no network and no setting of a server, and
nothing here is loaded on one.
"""
