"""What `plait check` finds beyond mistakes: things that are allowed and most likely not meant.

`of_flow` looks at functions.yaml alone, `of_overlays` at what users added to overlays, `of_history` at
what an earlier revision had, both by the `layers` of kustomizations. `allowed` tells what a comment
silences. Each rule has a page in docs/findings/.
"""

from plait.findings.comments import allowed
from plait.findings.history import of_history
from plait.findings.layers import layers
from plait.findings.model import Finding, Placed
from plait.findings.overlays import of_overlays
from plait.findings.spec import of_flow

__all__ = ["Finding", "Placed", "allowed", "layers", "of_flow", "of_history", "of_overlays"]
