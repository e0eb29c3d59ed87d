"""The page at /_plait/: its files, and what it asks for beside the API of docs/local-broker.md.

`page` answers requests, `picture` draws the flow with its numbers (`known` from functions.yaml or Knative's
YAML, `seen` from what happened), `send` takes an event from the page's form. `static/` holds the page.
"""

from plait.local.ui.page import Page

__all__ = ["Page"]
