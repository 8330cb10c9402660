"""The rules, one module per part of an environment."""
