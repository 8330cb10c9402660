CREATE SCHEMA IF NOT EXISTS migrated;

CREATE TABLE IF NOT EXISTS {target} (LIKE {source} INCLUDING DEFAULTS);

DELETE FROM {target};

COPY {target} ({columns})
FROM '{prefix}'
IAM_ROLE '{role_arn}'
FORMAT AS PARQUET;
