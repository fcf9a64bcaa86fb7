"""The shred keys for processes of other machines: a service that owns them, and those who ask it, over mutual TLS."""
