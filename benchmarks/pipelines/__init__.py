"""A thousand pipelines in YAML beside dag-factory, and beside files written by hand."""
