"""Slack: payloads read, screens drawn as blocks, calls made, both ways in."""
