"""What plait costs in time and memory: ``make bench``."""
