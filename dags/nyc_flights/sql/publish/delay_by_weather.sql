CREATE TABLE IF NOT EXISTS mart.delay_by_weather (
    weather VARCHAR(20) NOT NULL,
    flights BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    average_departure_delay DOUBLE PRECISION
)
DISTSTYLE ALL;

DELETE FROM mart.delay_by_weather;

INSERT INTO mart.delay_by_weather (
    weather,
    flights,
    cancelled,
    average_departure_delay
)
SELECT
    weather,
    flights,
    cancelled,
    average_departure_delay
FROM mart_staging.delay_by_weather;
