"""What can be wrong in a bundle before it is shipped: one rule a file, each a function of the bundle."""
