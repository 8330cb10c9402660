-- One row a rule: its name and how many rows break it. Redshift declares keys but does not enforce them.
-- SUM makes a NUMERIC of a BIGINT, and the Data API would hand the whole column over as text: hence the casts.
SELECT 'a flight is scheduled once' AS rule, COUNT(*) AS violations FROM (
    SELECT 1 AS duplicated FROM "raw".flights GROUP BY time_hour, carrier, flight, origin HAVING COUNT(*) > 1
) AS duplicates
UNION ALL
SELECT 'an airline has one code', COUNT(*) FROM (
    SELECT 1 AS duplicated FROM "raw".airlines GROUP BY carrier HAVING COUNT(*) > 1
) AS duplicates
UNION ALL
SELECT 'an airport has one code', COUNT(*) FROM (
    SELECT 1 AS duplicated FROM "raw".airports GROUP BY faa HAVING COUNT(*) > 1
) AS duplicates
UNION ALL
SELECT 'a plane has one tail number', COUNT(*) FROM (
    SELECT 1 AS duplicated FROM "raw".planes GROUP BY tailnum HAVING COUNT(*) > 1
) AS duplicates
UNION ALL
SELECT 'an hour is observed once at an airport', COUNT(*) FROM (
    SELECT 1 AS duplicated FROM "raw".weather GROUP BY origin, time_hour HAVING COUNT(*) > 1
) AS duplicates
UNION ALL
SELECT 'a flight belongs to a known airline', COUNT(*)
FROM "raw".flights AS f LEFT JOIN "raw".airlines AS a ON a.carrier = f.carrier WHERE a.carrier IS NULL
UNION ALL
SELECT 'a flight starts from a known airport', COUNT(*)
FROM "raw".flights AS f LEFT JOIN "raw".airports AS a ON a.faa = f.origin WHERE a.faa IS NULL
UNION ALL
SELECT 'a flight that arrived had left', COUNT(*)
FROM "raw".flights WHERE arr_time IS NOT NULL AND dep_time IS NULL
UNION ALL
SELECT 'a flight does not land where it starts', COUNT(*)
FROM "raw".flights WHERE origin = dest
UNION ALL
SELECT 'the flights of all carriers add up', CAST(ABS(
    (SELECT COUNT(*) FROM "raw".flights) - (SELECT COALESCE(SUM(flights), 0) FROM mart_staging.delay_by_carrier)
) AS BIGINT)
UNION ALL
SELECT 'the flights of all routes add up', CAST(ABS(
    (SELECT COUNT(*) FROM "raw".flights) - (SELECT COALESCE(SUM(flights), 0) FROM mart_staging.delay_by_route)
) AS BIGINT)
UNION ALL
SELECT 'the flights of all weathers add up', CAST(ABS(
    (SELECT COUNT(*) FROM "raw".flights) - (SELECT COALESCE(SUM(flights), 0) FROM mart_staging.delay_by_weather)
) AS BIGINT)
UNION ALL
SELECT 'an average delay is within a day', COUNT(*)
FROM mart_staging.delay_by_route
WHERE average_departure_delay NOT BETWEEN -1440 AND 1440 OR average_arrival_delay NOT BETWEEN -1440 AND 1440
UNION ALL
SELECT 'a share is from 0 to 100 percent', COUNT(*)
FROM mart_staging.delay_by_carrier WHERE percent_late NOT BETWEEN 0 AND 100
UNION ALL
SELECT 'no more flights are cancelled than scheduled', COUNT(*)
FROM mart_staging.delay_by_carrier WHERE cancelled > flights;
