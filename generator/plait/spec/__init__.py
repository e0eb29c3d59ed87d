"""functions.yaml: its model (`model`, `function`, `events`, `environment`) and its reader (`load`)."""
