"""Tables, charts and words, one module for each subject."""
