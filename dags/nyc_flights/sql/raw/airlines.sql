CREATE TABLE IF NOT EXISTS "raw".airlines (
    carrier VARCHAR(2) NOT NULL,
    name VARCHAR(100) NOT NULL
)
DISTSTYLE ALL
SORTKEY (carrier);

DELETE FROM "raw".airlines;

COPY "raw".airlines (
    carrier, name
)
FROM 's3://{{ option("data_bucket") }}/normalised/nyc_flights/airlines.csv.gz'
IAM_ROLE '{{ option("warehouse_copy_role_arn") }}'
FORMAT AS CSV
GZIP
IGNOREHEADER 1
EMPTYASNULL
TIMEFORMAT 'auto';
