"""Rows and sealed bytes; this room does not know what a question is."""
