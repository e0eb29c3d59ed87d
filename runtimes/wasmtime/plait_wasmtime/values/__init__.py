"""Values on their way in and out: expressions over an event, numbers of WebAssembly, replies as text."""
