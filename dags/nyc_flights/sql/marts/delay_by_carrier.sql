-- Every scheduled flight counts; a flight that never left has no delay and counts as cancelled. Redshift's AVG
-- of whole numbers is whole and of decimals keeps their scale: hence the casts to floating point.
SELECT
    f.carrier,
    a.name AS carrier_name,
    COUNT(*) AS flights,
    SUM(CASE WHEN f.dep_time IS NULL THEN 1 ELSE 0 END) AS cancelled,
    ROUND(AVG(CAST(f.dep_delay AS DOUBLE PRECISION)), 2) AS average_departure_delay,
    ROUND(AVG(CAST(f.arr_delay AS DOUBLE PRECISION)), 2) AS average_arrival_delay,
    ROUND(
        AVG(CAST(CASE WHEN f.arr_delay > 15 THEN 100 WHEN f.arr_delay IS NOT NULL THEN 0 END AS DOUBLE PRECISION)), 2
    ) AS percent_late
FROM "raw".flights AS f
INNER JOIN "raw".airlines AS a ON a.carrier = f.carrier
GROUP BY f.carrier, a.name;
