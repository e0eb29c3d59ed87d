"""What an event costs in each kind of module."""
