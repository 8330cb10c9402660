"""Pure planning: `plan(desired, observed)` compares two values and returns actions with their reasons."""
