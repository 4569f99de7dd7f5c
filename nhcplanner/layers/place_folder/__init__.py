"""Place folders: written, read, unpacked and checked."""
