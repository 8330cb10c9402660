-- The join of the mart would lose the others.
SELECT COUNT(*)
FROM "raw".flights AS f
LEFT JOIN "raw".airlines AS a ON a.carrier = f.carrier
WHERE a.carrier IS NULL;
