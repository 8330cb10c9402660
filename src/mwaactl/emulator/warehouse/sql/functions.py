"""The functions that mean the same here as in Redshift, as data; every other function fails its statement."""

from __future__ import annotations

from sqlglot import exp

# Nodes that sqlglot writes for DuckDB with Redshift's meaning.
SAME = frozenset(
    {
        "Abs", "Acos", "And", "AnyValue", "ApproxDistinct", "Ascii", "Asin", "Atan", "Atan2", "Avg",
        "BitwiseAndAgg", "BitwiseOrAgg", "Case", "Cast", "Cbrt", "Ceil", "Chr", "Coalesce", "Concat",
        "ConvertTimezone", "Cos", "Cot", "Count", "CumeDist", "CurrentDate", "CurrentTimestamp",
        "DateTrunc", "DecodeCase", "Degrees", "DenseRank", "Exists", "Exp", "Extract", "FirstValue",
        "Floor", "Greatest", "GroupConcat", "If", "Initcap", "IsNan", "JSONExtractScalar", "Lag", "LastDay",
        "LastValue", "Lead", "Least", "Left", "Length", "Ln", "Log", "LogicalAnd", "LogicalOr", "Lower",
        "MD5", "Max", "Median", "Min", "Mod", "MonthsBetween", "NextDay", "NthValue", "Ntile", "Nullif",
        "Nvl2", "Or", "Pad", "ParseJSON", "PercentRank", "PercentileCont", "PercentileDisc", "Pi", "Pow",
        "Radians", "Rand", "Rank", "RegexpCount", "RegexpExtract", "RegexpILike", "RegexpInstr",
        "RegexpLike", "RegexpReplace", "Repeat", "Replace", "Reverse", "Right", "Round", "RowNumber", "SHA",
        "SHA2", "Sign", "Sin", "SplitPart", "Sqrt", "Stddev", "StddevPop", "StddevSamp", "StrPosition",
        "StrToDate", "StrToTime", "Substring", "Sum", "Tan", "TimestampTrunc", "ToNumber",
        "Translate", "Trim", "Trunc", "TryCast", "TsOrDsAdd", "TsOrDsDiff", "Upper", "Variance",
        "VariancePop", "WithinGroup", "Xor",
    }
)  # fmt: skip

# Functions that sqlglot does not know: DuckDB's expression, with the arguments by position.
NAMED: dict[str, str] = {
    "date_cmp": "CAST(SIGN(DATE_DIFF('day', {1}, {0})) AS INTEGER)",
    "date_part_year": "CAST(EXTRACT(YEAR FROM {0}) AS INTEGER)",
    "dexp": "EXP({0})",
    "dlog10": "LOG10({0})",
    "func_sha1": "SHA1({0})",
    "get_array_length": "CAST(JSON_ARRAY_LENGTH({0}) AS INTEGER)",
    "is_valid_json": "JSON_VALID({0})",
    "json_array_length": "CAST(JSON_ARRAY_LENGTH({0}) AS INTEGER)",
    "json_extract_array_element_text": "({0} ->> CAST({1} AS INTEGER))",
    "json_serialize": "CAST({0} AS VARCHAR)",
    "octet_length": "CAST(STRLEN({0}) AS INTEGER)",
    "can_json_parse": "JSON_VALID({0})",
    "json_typeof": "CASE JSON_TYPE({0}) WHEN 'VARCHAR' THEN 'string' WHEN 'ARRAY' THEN 'array' "
    "WHEN 'OBJECT' THEN 'object' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' "
    "ELSE CASE WHEN {0} IS NOT NULL THEN 'number' END END",
    "quote_ident": "('\"' || REPLACE({0}, '\"', '\"\"') || '\"')",
    "quote_literal": "('''' || REPLACE({0}, '''', '''''') || '''')",
    "ratio_to_report": "",  # only as a window function, which is rewritten as a whole
    "replicate": "REPEAT({0}, {1})",
}

# Aggregates that need a frame once their window is ordered, as Redshift demands.
FRAMED = (exp.Avg, exp.Count, exp.Max, exp.Min, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Sum,
          exp.Variance, exp.VariancePop, exp.FirstValue, exp.LastValue, exp.NthValue)  # fmt: skip

# Redshift's patterns that mean the same in DuckDB once sqlglot has turned them into strftime's.
DATE_PATTERNS = frozenset("YmdHIMSyj")
