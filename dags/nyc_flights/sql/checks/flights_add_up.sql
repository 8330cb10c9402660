-- Each mart counts every flight once. SUM makes a NUMERIC of a BIGINT: hence the cast.
SELECT
    CAST(ABS(
        (SELECT COUNT(*) FROM "raw".flights) - (SELECT COALESCE(SUM(flights), 0) FROM {table})
    ) AS BIGINT);
