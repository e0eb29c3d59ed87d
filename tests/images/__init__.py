"""Images: how they are planned (run with the other tests), and the real ones (run by hand: `real`)."""
