"""What we say, and how a reader walks through it: plain functions and values, no platform, network, clock or environment."""
