"""The other side of the wire on this computer: platforms that refuse what the real ones refuse."""
