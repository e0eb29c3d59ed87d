"""A function's image: what goes into it (`source`), how it is built (`plan`), and by which tool (`tools`).

The Containerfiles beside this module are what a build tool is given; each has its source folder as context.
"""

from plait.images.plan import Build, Labels, build_command, plan, push_command
from plait.images.source import Source, look
from plait.images.tools import TOOLS, find, run

__all__ = [
    "TOOLS",
    "Build",
    "Labels",
    "Source",
    "build_command",
    "find",
    "look",
    "plan",
    "push_command",
    "run",
]
