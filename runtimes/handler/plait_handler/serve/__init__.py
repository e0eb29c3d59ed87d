"""gunicorn: its configuration, its worker with bounded times, its log as JSON."""
