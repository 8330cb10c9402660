"""What answers differently here than on Redshift without failing, as data; refusals stand elsewhere."""

from __future__ import annotations

from mwaactl.emulator.differences.difference import Difference

DIFFERENCES = (
    Difference("CHAR(n)", "pads values with blanks", "keeps values as they were given"),
    Difference(
        "length of text in results and in CREATE TABLE AS",
        "carries the declared length of the column",
        "shows VARCHAR(65535), and enforces no length on a table made from a query",
    ),
    Difference(
        "MEDIAN, PERCENTILE_CONT and STDDEV of integers or decimals",
        "may give NUMERIC",
        "give DOUBLE PRECISION of the same value",
    ),
    Difference(
        "division and AVG of decimals",
        "give the documented scale",
        "give the documented scale, with further digits cut off",
    ),
    Difference("APPROXIMATE COUNT(DISTINCT)", "estimates", "estimates with another error"),
    Difference(
        "permissions inside the database",
        "judge every statement by the database user's grants",
        "are not judged: whoever may call the Data API may do everything",
    ),
    Difference(
        "BaseCapacity and MaxCapacity", "decide how fast queries are and what they cost", "are kept and shown"
    ),
    Difference(
        "UNLOAD with PARALLEL ON", "writes a file per slice", "writes one file per partition and MAXFILESIZE"
    ),
    Difference(
        "DISTKEY, SORTKEY, ENCODE, ANALYZE and VACUUM",
        "change how fast queries are",
        "are remembered and shown, and change nothing",
    ),
    Difference(
        "writers",
        "wait for one another per table",
        "wait for one another per database, and see what the one before committed",
    ),
    Difference(
        "REGION of COPY and UNLOAD", "must be the bucket's region", "is signed for, but S3 answers for any"
    ),
)
