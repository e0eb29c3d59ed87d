"""From an accepted event to its end: attempts, retries, replies, dead letters (statements 10-13, 22-34)."""
