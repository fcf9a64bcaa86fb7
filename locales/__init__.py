"""Catalogues by language, and the glossary."""
