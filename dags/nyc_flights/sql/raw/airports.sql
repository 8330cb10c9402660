CREATE TABLE IF NOT EXISTS "raw".airports (
    faa VARCHAR(3) NOT NULL,
    name VARCHAR(100) NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    alt INTEGER NOT NULL,
    tz INTEGER NOT NULL,
    dst VARCHAR(1) NOT NULL,
    tzone VARCHAR(40)
)
DISTSTYLE ALL
SORTKEY (faa);

DELETE FROM "raw".airports;

COPY "raw".airports (
    faa, name, lat, lon, alt, tz, dst, tzone
)
FROM 's3://{{ option("data_bucket") }}/normalised/nyc_flights/airports.csv.gz'
IAM_ROLE '{{ option("warehouse_copy_role_arn") }}'
FORMAT AS CSV
GZIP
IGNOREHEADER 1
EMPTYASNULL
TIMEFORMAT 'auto';
