"""Brings the command `plait-node`: the runtime for JavaScript functions, which is the npm package in js/."""

__version__ = "0.1.0"
