"""The words that screens, files and documents share."""
