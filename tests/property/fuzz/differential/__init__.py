"""Silent differences: damage in one place must never change figures without a word."""
