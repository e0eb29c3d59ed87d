"""What the tests of the local broker share."""
