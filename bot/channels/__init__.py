"""The ways a witness can reach us; each is two pure translations and one loop."""
