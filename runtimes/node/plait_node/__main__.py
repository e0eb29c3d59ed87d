"""`python -m plait_node DIR`."""

from plait_node.main import main

if __name__ == "__main__":
    main()
