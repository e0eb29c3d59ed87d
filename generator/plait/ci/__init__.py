"""plait in a pipeline: the workflows that `plait init --ci` writes, and the comment they keep current."""
