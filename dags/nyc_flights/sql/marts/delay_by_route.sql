-- Four destinations are not among the airports of the data set: their names stay NULL.
SELECT
    f.origin,
    f.dest,
    d.name AS dest_name,
    MAX(f.distance) AS distance,
    COUNT(*) AS flights,
    SUM(CASE WHEN f.dep_time IS NULL THEN 1 ELSE 0 END) AS cancelled,
    ROUND(AVG(CAST(f.dep_delay AS DOUBLE PRECISION)), 2) AS average_departure_delay,
    ROUND(AVG(CAST(f.arr_delay AS DOUBLE PRECISION)), 2) AS average_arrival_delay
FROM "raw".flights AS f
LEFT JOIN "raw".airports AS d ON d.faa = f.dest
GROUP BY f.origin, f.dest, d.name;
