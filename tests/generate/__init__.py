"""What generate, release, promote and render write, and what they leave alone."""
