CREATE TABLE IF NOT EXISTS "raw".flights (
    year INTEGER NOT NULL,
    month INTEGER NOT NULL,
    day INTEGER NOT NULL,
    dep_time INTEGER,
    sched_dep_time INTEGER NOT NULL,
    dep_delay INTEGER,
    arr_time INTEGER,
    sched_arr_time INTEGER NOT NULL,
    arr_delay INTEGER,
    carrier VARCHAR(2) NOT NULL,
    flight INTEGER NOT NULL,
    tailnum VARCHAR(6),
    origin VARCHAR(3) NOT NULL,
    dest VARCHAR(3) NOT NULL,
    air_time INTEGER,
    distance INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    minute INTEGER NOT NULL,
    time_hour TIMESTAMP NOT NULL
)
DISTSTYLE EVEN
SORTKEY (time_hour);

DELETE FROM "raw".flights;

COPY "raw".flights (
    year, month, day, dep_time, sched_dep_time, dep_delay, arr_time, sched_arr_time, arr_delay,
    carrier, flight, tailnum, origin, dest, air_time, distance, hour, minute, time_hour
)
FROM 's3://{{ option("data_bucket") }}/normalised/nyc_flights/flights.csv.gz'
IAM_ROLE '{{ option("warehouse_copy_role_arn") }}'
FORMAT AS CSV
GZIP
IGNOREHEADER 1
EMPTYASNULL
TIMEFORMAT 'auto';
