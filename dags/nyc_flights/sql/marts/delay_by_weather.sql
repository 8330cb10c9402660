-- An hour without an observation is a class of its own, so that the flights still add up.
WITH observed AS (
    SELECT
        f.dep_time,
        f.dep_delay,
        CASE
            WHEN w.origin IS NULL THEN 'no observation'
            WHEN w.visib < 3 THEN 'low visibility'
            WHEN w.precip > 0 THEN 'precipitation'
            WHEN w.wind_speed >= 25 THEN 'strong wind'
            ELSE 'fair'
        END AS weather
    FROM "raw".flights AS f
    LEFT JOIN "raw".weather AS w ON w.origin = f.origin AND w.time_hour = f.time_hour
)
SELECT
    weather,
    COUNT(*) AS flights,
    SUM(CASE WHEN dep_time IS NULL THEN 1 ELSE 0 END) AS cancelled,
    ROUND(AVG(CAST(dep_delay AS DOUBLE PRECISION)), 2) AS average_departure_delay
FROM observed
GROUP BY weather;
