"""Requirements that cannot fail silently: locked, and tried out as MWAA installs them."""
