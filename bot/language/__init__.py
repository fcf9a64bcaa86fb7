"""Texts in a language: the only room that imports Babel.

Begin at `translate`, from a message id to a sentence. What the texts are is said where they are
asked, in `conversations`; what they are in Ukrainian, in `locales`.
"""
