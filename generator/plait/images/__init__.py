"""A function's image: what it is called (`choose`), what goes in (`source`), how (`plan`), by what (`tools`).

The Containerfiles beside this module are what a build tool is given; the context is the source folder.
"""

from plait.images.choose import function_of, image_of, runtime_of
from plait.images.plan import Build, build_command, plan, push_command
from plait.images.source import Source, look
from plait.images.tools import TOOLS, find, run

__all__ = [
    "TOOLS",
    "Build",
    "Source",
    "build_command",
    "find",
    "function_of",
    "image_of",
    "look",
    "plan",
    "push_command",
    "run",
    "runtime_of",
]
