CREATE TABLE IF NOT EXISTS mart.delay_by_carrier (
    carrier VARCHAR(2) NOT NULL,
    carrier_name VARCHAR(100) NOT NULL,
    flights BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    average_departure_delay DOUBLE PRECISION,
    average_arrival_delay DOUBLE PRECISION,
    percent_late DOUBLE PRECISION
)
DISTSTYLE ALL;

DELETE FROM mart.delay_by_carrier;

INSERT INTO mart.delay_by_carrier (
    carrier,
    carrier_name,
    flights,
    cancelled,
    average_departure_delay,
    average_arrival_delay,
    percent_late
)
SELECT
    carrier,
    carrier_name,
    flights,
    cancelled,
    average_departure_delay,
    average_arrival_delay,
    percent_late
FROM mart_staging.delay_by_carrier;
