"""Place folders: write, read, unpack and check them."""
