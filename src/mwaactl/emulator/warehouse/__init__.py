"""Amazon Redshift Serverless and the Redshift Data API, run on DuckDB."""
