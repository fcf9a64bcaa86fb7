"""Figures, not promises: each against a baseline in the same run, since machines are noisy. `make bench` runs them."""
