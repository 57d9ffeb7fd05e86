using Dlt.Json;
using Dlt.Naming;
using Dlt.Types;

namespace Dlt.Schemas;

/// <summary>The bookkeeping tables, their columns and fixed descriptions (spec/pipeline.md 10.1).</summary>
internal static class SystemTables
{
    public const string Version = "_dlt_version";
    public const string Loads = "_dlt_loads";
    public const string PipelineState = "_dlt_pipeline_state";
    public const string Prefix = "_dlt";
    public const string LoadId = "_dlt_load_id";
    public const string RowId = "_dlt_id";
    public const string ParentId = "_dlt_parent_id";
    public const string ListIndex = "_dlt_list_idx";
    public const string RootId = "_dlt_root_id";

    public static TableSchema VersionTable(NamingConvention naming) => Table(naming, Version, "skip", "Created by DLT. Tracks schema updates",
        Column(naming, "version", DataType.Bigint, false, "Numeric version of the schema, incremented on each schema change"),
        Column(naming, "engine_version", DataType.Bigint, false, "Version of the dlt schema engine that created this schema"),
        Column(naming, "inserted_at", DataType.Timestamp, false, "Timestamp when this schema version was stored"),
        Column(naming, "schema_name", DataType.Text, false, "Name of the schema"),
        Column(naming, "version_hash", DataType.Text, false, "Unique hash of the schema content, used to detect changes"),
        Column(naming, "schema", DataType.Text, false, "JSON representation of the complete schema definition"));

    public static TableSchema LoadsTable(NamingConvention naming) => Table(naming, Loads, "skip", "Created by DLT. Tracks completed loads",
        Column(naming, "load_id", DataType.Text, false, "Unique identifier of the load operation", precision: 64),
        Column(naming, "schema_name", DataType.Text, true, "Name of the schema associated with this load"),
        Column(naming, "status", DataType.Bigint, false, "Status of the load operation (0 = success)"),
        Column(naming, "inserted_at", DataType.Timestamp, false, "Timestamp when the load was completed"),
        Column(naming, "schema_version_hash", DataType.Text, true, "Hash of the schema version used during this load"));

    /// <summary>The table of the state, as extraction declares it; normalize adds <c>_dlt_id</c>.</summary>
    public static TableSchema PipelineStateTable(NamingConvention naming) => Table(naming, PipelineState, "append", null,
            Column(naming, "version", DataType.Bigint, false, "Numeric version of the pipeline state"),
            Column(naming, "engine_version", DataType.Bigint, false, "Version of the dlt state engine"),
            Column(naming, "pipeline_name", DataType.Text, false, "Name of the pipeline this state belongs to"),
            Column(naming, "state", DataType.Text, false, "Compressed JSON representation of the pipeline state"),
            Column(naming, "created_at", DataType.Timestamp, false, "Timestamp when this state was created"),
            Column(naming, "version_hash", DataType.Text, true, "Hash of the state content, used to detect changes"),
            Column(naming, LoadId, DataType.Text, false, "Load identifier linking this row to its load operation", precision: 64))
        .With("file_format", JsonValue.String("preferred"));

    public static bool IsSystemTable(string table) => table.StartsWith(Prefix, StringComparison.Ordinal);

    private static TableSchema Table(NamingConvention naming, string name, string disposition, string? description, params ColumnSchema[] columns)
    {
        var identifier = naming.NormalizeTableIdentifier(name);
        var table = new TableSchema(identifier).WithColumns(columns)
            .With("write_disposition", JsonValue.String(disposition))
            .With("resource", JsonValue.String(name));
        return description is null ? table : table.With("description", JsonValue.String(description));
    }

    private static ColumnSchema Column(NamingConvention naming, string name, DataType type, bool nullable, string description, int? precision = null)
    {
        var column = new ColumnSchema(naming.NormalizeIdentifier(name), type, nullable);
        if (precision is { } bits) column = column.With("precision", JsonValue.Integer(bits));
        return column.With("description", JsonValue.String(description));
    }
}
