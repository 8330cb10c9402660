CREATE TABLE IF NOT EXISTS mart.delay_by_route (
    origin VARCHAR(3) NOT NULL,
    dest VARCHAR(3) NOT NULL,
    dest_name VARCHAR(100),
    distance INTEGER NOT NULL,
    flights BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    average_departure_delay DOUBLE PRECISION,
    average_arrival_delay DOUBLE PRECISION
)
DISTSTYLE ALL;

DELETE FROM mart.delay_by_route;

INSERT INTO mart.delay_by_route (
    origin,
    dest,
    dest_name,
    distance,
    flights,
    cancelled,
    average_departure_delay,
    average_arrival_delay
)
SELECT
    origin,
    dest,
    dest_name,
    distance,
    flights,
    cancelled,
    average_departure_delay,
    average_arrival_delay
FROM mart_staging.delay_by_route;
