-- One row too many for each hour, carrier, number and airport that occurs more than once.
SELECT COALESCE(SUM(found - 1), 0)
FROM (
    SELECT COUNT(*) AS found
    FROM {table}
    GROUP BY time_hour, carrier, flight, origin
    HAVING COUNT(*) > 1
) AS repeated;
