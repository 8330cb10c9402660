SELECT origin, dest, distance, origin_lat, origin_lon, dest_lat, dest_lon
FROM mart_staging.delay_by_route
WHERE origin_lat IS NOT NULL AND dest_lat IS NOT NULL
ORDER BY origin, dest;
