"""The nouns of the story. No work, no disk, no network, no screen."""
