SELECT COALESCE(SUM(found - 1), 0)
FROM (
    SELECT COUNT(*) AS found
    FROM {table}
    GROUP BY origin, dest
    HAVING COUNT(*) > 1
) AS repeated;
