"""Brokers and Triggers as the local broker needs them: from Knative's YAML, or from plait's own Flow."""

from plait.local.routes.model import Broker, Routes, Trigger
from plait.local.routes.policy import Policy

__all__ = ["Broker", "Policy", "Routes", "Trigger"]
