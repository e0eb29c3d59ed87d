"""`python -m plait_handler DIR`."""

from plait_handler.main import main

if __name__ == "__main__":
    main()
