"""Values to PNG. Every letter is drawn with the font that comes with us, for a machine may have none."""
