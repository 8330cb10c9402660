CREATE TABLE IF NOT EXISTS "raw".planes (
    tailnum VARCHAR(6) NOT NULL,
    year INTEGER,
    "type" VARCHAR(40) NOT NULL,
    manufacturer VARCHAR(40) NOT NULL,
    model VARCHAR(40) NOT NULL,
    engines INTEGER NOT NULL,
    seats INTEGER NOT NULL,
    speed INTEGER,
    engine VARCHAR(20) NOT NULL
)
DISTSTYLE ALL
SORTKEY (tailnum);

DELETE FROM "raw".planes;

COPY "raw".planes (
    tailnum, year, "type", manufacturer, model, engines, seats, speed, engine
)
FROM 's3://{{ option("data_bucket") }}/normalised/nyc_flights/planes.csv.gz'
IAM_ROLE '{{ option("warehouse_copy_role_arn") }}'
FORMAT AS CSV
GZIP
IGNOREHEADER 1
EMPTYASNULL
TIMEFORMAT 'auto';
