"""`python -m plait_wasmtime DIR`."""

from plait_wasmtime.main import main

if __name__ == "__main__":
    main()
