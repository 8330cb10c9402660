"""One module per family of AWS resources; the stacks put them together."""
