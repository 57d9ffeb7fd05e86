using static Dlt.Sources.PipelineFiles.Schemas.SchemaPart;

namespace Dlt.Sources.PipelineFiles.Schemas;

/// <summary>Parts of the schema that describe the hints of a table.</summary>
internal static class HintSchemas
{
    /// <summary>The hints of a resource.</summary>
    public static (string Name, JsonValue Value)[] Keys { get; } =
    [
        ("table_name", Described("Name of the table; that of the resource by default.", Text)),
        ("write_disposition", Ref("write_disposition")),
        ("primary_key", Described("Column or columns that identify a row.", TextOrTexts)),
        ("merge_key", Described("Column or columns whose rows a merge replaces together.", TextOrTexts)),
        ("columns", Described("Types and hints of columns, as a list with names or by name.", Ref("columns"))),
        ("max_table_nesting", Described("Levels of nested tables; deeper values are JSON.", Integer)),
        ("schema_contract", Ref("schema_contract")),
        ("table_format", Ref("table_format")),
        ("nested_hints", Described("Hints of nested tables by their path.", Map(Ref("nested_hints")))),
        ("references", ListOf(Map(Any))),
        ("file_format", Text),
    ];

    public static (string Name, JsonValue Value)[] Definitions { get; } =
    [
        ("write_disposition", Described("What a load does with the rows that the table has.", AnyOf(
            Disposition,
            Strategy("delete-insert", ("deduplicated", Bool)),
            Strategy("upsert", ("skip_unchanged_rows", Bool), ("row_version_column_name", Text)),
            Strategy(
                "scd2", ("validity_column_names", TextOrTexts), ("active_record_timestamp", TextOrNull), ("boundary_timestamp", TextOrNull),
                ("row_version_column_name", Text)),
            Strategy("insert-only"),
            Object(["disposition"], ("disposition", Disposition))))),
        ("columns", AnyOf(ListOf(Ref("column")), Map(Ref("column")))),
        ("column", JsonValue.Object(
            ("type", JsonValue.String("object")),
            ("properties", JsonValue.Object(
                ("name", Text),
                ("data_type", Words([.. Enum.GetValues<DataType>().Select(t => t.Name())])))))),
        ("schema_contract", Described("What may change in the schema.", AnyOf(
            Mode, Object([], ("tables", Mode), ("columns", Mode), ("data_type", Mode))))),
        ("table_format", Words("iceberg", "hive", "native")),
        ("nested_hints", Object(
            [],
            ("columns", Ref("columns")),
            ("primary_key", TextOrTexts),
            ("merge_key", TextOrTexts),
            ("write_disposition", Disposition),
            ("schema_contract", Ref("schema_contract")),
            ("table_format", Ref("table_format")))),
    ];

    private static JsonValue Disposition => Words("append", "replace", "merge", "skip");

    private static JsonValue Mode => Words("evolve", "freeze", "discard_row", "discard_value");

    private static JsonValue Strategy(string strategy, params (string Name, JsonValue Value)[] options) =>
        Object(["disposition", "strategy"], [("disposition", Disposition), ("strategy", Word(strategy)), .. options]);
}
