"""How each platform hears and draws what `content` says, and what we remember. Platforms are strangers to each other."""
