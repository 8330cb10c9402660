-- Flights that share hour, weekday, airport and carrier are one group: what the model learns from is counted here.
-- It learns from January to September and is judged by October to December, which it has not seen.
SELECT
    CASE WHEN month <= 9 THEN 'train' ELSE 'test' END AS part,
    hour,
    CAST(EXTRACT(DOW FROM time_hour) AS INTEGER) AS weekday,
    origin,
    carrier,
    CAST(COUNT(*) AS INTEGER) AS flights,
    CAST(SUM(CASE WHEN arr_delay > 15 THEN 1 ELSE 0 END) AS INTEGER) AS late
FROM "raw".flights
WHERE arr_delay IS NOT NULL
GROUP BY 1, 2, 3, 4, 5
