"""The project's configuration: mwaactl.toml, checked against the catalogue and resolved per environment.

Read with `load_config(find_config(directory))`, then pick with `select_environment(config, name, environ)`.
"""
