DROP TABLE IF EXISTS mart_staging.delay_by_route;

-- Four destinations are not among the airports of the data set: their names and places stay NULL.
CREATE TABLE mart_staging.delay_by_route AS
SELECT
    f.origin,
    f.dest,
    d.name AS dest_name,
    o.lat AS origin_lat,
    o.lon AS origin_lon,
    d.lat AS dest_lat,
    d.lon AS dest_lon,
    MAX(f.distance) AS distance,
    COUNT(*) AS flights,
    SUM(CASE WHEN f.dep_time IS NULL THEN 1 ELSE 0 END) AS cancelled,
    ROUND(AVG(CAST(f.dep_delay AS DOUBLE PRECISION)), 2) AS average_departure_delay,
    ROUND(AVG(CAST(f.arr_delay AS DOUBLE PRECISION)), 2) AS average_arrival_delay
FROM "raw".flights AS f
LEFT JOIN "raw".airports AS o ON o.faa = f.origin
LEFT JOIN "raw".airports AS d ON d.faa = f.dest
GROUP BY f.origin, f.dest, d.name, o.lat, o.lon, d.lat, d.lon;
