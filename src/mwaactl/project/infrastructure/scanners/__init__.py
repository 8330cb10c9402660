"""The scanners, one module each: how it is run, and what its answer means."""
