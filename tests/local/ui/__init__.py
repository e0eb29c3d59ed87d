"""The page in a real Chromium, against a real broker and real subscribers."""
