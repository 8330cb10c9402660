SELECT COUNT(*)
FROM "raw".flights AS f
LEFT JOIN "raw".airports AS a ON a.faa = f.origin
WHERE a.faa IS NULL;
