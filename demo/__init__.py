"""The demonstration: from nothing to a green pipeline on an emulated AWS."""
