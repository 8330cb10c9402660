"""What the DAG `nyc_flights_elt` is made of: contracts, SQL files, and the Python that they need."""
