"""What answers differently here than on Redshift without failing, as data; refusals stand elsewhere."""

from __future__ import annotations

from mwaactl.emulator.differences.difference import Difference

DIFFERENCES = (
    Difference(
        "text with blanks at its end in GROUP BY, DISTINCT, UNION and USING",
        "is the same as the text without them",
        "is another text; comparisons, joins with ON, IN and COUNT(DISTINCT) do ignore them",
    ),
    Difference(
        "length of text that a function computes, or that a view shows",
        "carries a length that follows from its arguments",
        "shows VARCHAR(65535), unless it comes from columns, casts, literals, CASE or concatenation",
    ),
    Difference(
        "files of an external table",
        "are read where they stand, the columns that a query names only",
        "are fetched whole by each statement, but those of partitions that WHERE rules out are not",
    ),
    Difference(
        "SVV_TABLES, SVV_COLUMNS, SVV_ALL_TABLES and SVV_ALL_COLUMNS",
        "show external tables too",
        "show local ones only; SVV_EXTERNAL_TABLES and SVV_EXTERNAL_COLUMNS show the external ones",
    ),
    Difference(
        "values of external text that their column does not take",
        "follow the table's data handling properties",
        "fail the scan",
    ),
    Difference("DATE minus DATE", "is INTEGER", "is BIGINT of the same value"),
    Difference(
        "ADD_MONTHS from the last day of a month", "gives the last day of a month", "gives the same day"
    ),
    Difference(
        "AUTO REFRESH YES of a materialized view",
        "refreshes it when there is capacity",
        "is remembered: only REFRESH MATERIALIZED VIEW refreshes it",
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
