"""External schemas: tables of the Glue Data Catalog whose files stand in S3."""
