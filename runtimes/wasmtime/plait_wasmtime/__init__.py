"""The runtime for WebAssembly modules that handle CloudEvents: plait_handler's server around wasmtime.

What an adapter.py may import is plait_handler's: `from plait_handler import Reject, RetryLater`.
"""

__version__ = "0.1.0"
