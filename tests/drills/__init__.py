"""Drills: whole installations under witnesses who write and a saboteur who kills; an independent reader judges."""
