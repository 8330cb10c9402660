"""What the reference pipelines are made of: contracts, SQL files, and the Python that they need."""
