"""Users' files of any format, as tables."""
