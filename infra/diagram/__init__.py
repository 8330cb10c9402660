"""A picture of what is deployed, made from the synthesised templates and from nothing else."""
