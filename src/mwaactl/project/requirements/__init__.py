"""Requirements that cannot fail silently: locked, tried out as MWAA installs them, packaged."""
