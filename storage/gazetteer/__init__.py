"""Every settlement of Ukraine, as one small SQLite: found by words, named for a point on
the map.
"""
