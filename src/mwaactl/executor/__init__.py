"""Observes an environment and applies a plan to it, through gateways that are handed in."""
