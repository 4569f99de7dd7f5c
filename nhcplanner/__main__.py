"""`python -m nhcplanner`: the command line, where its script is not on the path."""

from nhcplanner.cli import main

if __name__ == "__main__":
    main()
