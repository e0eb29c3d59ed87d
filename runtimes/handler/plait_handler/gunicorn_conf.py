"""The configuration for a gunicorn that is started by hand.

    gunicorn -c python:plait_handler.gunicorn_conf 'plait_handler.main:app("functions/NAME")'

The environment is read when gunicorn imports this module, as it reads any configuration file.
"""

import os

from plait_handler.serve.config import options
from plait_handler.settings import read

globals().update(options(read(os.environ)))
