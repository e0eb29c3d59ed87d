"""plait in a pipeline: the workflows that `plait init --ci` writes, and the one comment that they keep current."""
