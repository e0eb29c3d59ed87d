"""plait as a plugin of other programs: a KRM function, an Argo CD config management plugin.

Each gives what `plait render ENV` gives; what they share is in `rendering`.
"""
