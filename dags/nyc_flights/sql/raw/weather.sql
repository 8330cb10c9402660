CREATE TABLE IF NOT EXISTS "raw".weather (
    origin VARCHAR(3) NOT NULL,
    year INTEGER NOT NULL,
    month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    temp DOUBLE PRECISION,
    dewp DOUBLE PRECISION,
    humid DOUBLE PRECISION,
    wind_dir INTEGER,
    wind_speed DOUBLE PRECISION,
    wind_gust DOUBLE PRECISION,
    precip DOUBLE PRECISION,
    pressure DOUBLE PRECISION,
    visib DOUBLE PRECISION,
    time_hour TIMESTAMP NOT NULL
)
DISTSTYLE ALL
SORTKEY (time_hour);

DELETE FROM "raw".weather;

COPY "raw".weather (
    origin, year, month, day, hour, temp, dewp, humid, wind_dir, wind_speed, wind_gust, precip,
    pressure, visib, time_hour
)
FROM 's3://{{ option("data_bucket") }}/normalised/nyc_flights/weather.csv.gz'
IAM_ROLE '{{ option("warehouse_copy_role_arn") }}'
FORMAT AS CSV
GZIP
IGNOREHEADER 1
EMPTYASNULL
TIMEFORMAT 'auto';
