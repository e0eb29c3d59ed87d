"""`plait build`."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import replace
from pathlib import Path

import click

from plait import images
from plait.cli import show
from plait.cli.options import environments, functions_of
from plait.errors import PlaitError, nearest, short
from plait.project import Project
from plait.spec.function import Function
from plait.spec.image import Image

_EPOCH = "SOURCE_DATE_EPOCH"
