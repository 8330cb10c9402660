SELECT MIN(time_hour) AS hour
FROM "raw".flights
WHERE time_hour > {watermark}
