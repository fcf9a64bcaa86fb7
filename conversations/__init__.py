"""The conversation itself: pure, standard library only; it knows no clock, chance, network,
database or channel.
"""
