SELECT 'flights' AS table_name, COUNT(*) AS loaded FROM "raw".flights
UNION ALL
SELECT 'airlines', COUNT(*) FROM "raw".airlines
UNION ALL
SELECT 'airports', COUNT(*) FROM "raw".airports
UNION ALL
SELECT 'planes', COUNT(*) FROM "raw".planes
UNION ALL
SELECT 'weather', COUNT(*) FROM "raw".weather;
