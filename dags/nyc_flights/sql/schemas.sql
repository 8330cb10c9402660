-- RAW is a reserved word of Redshift, so the schema is quoted wherever it stands.
CREATE SCHEMA IF NOT EXISTS "raw";

CREATE SCHEMA IF NOT EXISTS mart_staging;

CREATE SCHEMA IF NOT EXISTS mart;
