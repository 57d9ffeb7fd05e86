using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt;

/// <summary>What a resource says about its table (dlt documentation, Resource).</summary>
public sealed record ResourceHints
{
    /// <summary>Table name; the resource's name by default.</summary>
    public string? TableName { get; init; }

    /// <summary>Table name of one item, for a resource that feeds several tables; the item is given as extracted.</summary>
    public Func<JsonValue, string>? TableNameOf { get; init; }

    /// <summary>What a load does with the rows that are there.</summary>
    public WriteDisposition WriteDisposition { get; init; } = WriteDisposition.Append;

    /// <summary>Declared columns: types and hints. Names are normalised.</summary>
    public ImmutableArray<ColumnSchema> Columns { get; init; } = [];

    /// <summary>Columns that identify a row.</summary>
    public ImmutableArray<string> PrimaryKey { get; init; } = [];

    /// <summary>Columns by which rows are replaced without identifying one.</summary>
    public ImmutableArray<string> MergeKey { get; init; } = [];

    /// <summary>Loads only items that are newer than those of earlier runs.</summary>
    public Incremental? Incremental { get; init; }

    /// <summary>Hints for tables of lists below, by path.</summary>
    public ImmutableArray<NestedHints> Nested { get; init; } = [];

    /// <summary>What becomes of nested objects and lists.</summary>
    public NestedAs NestedAs { get; init; }

    /// <summary>Levels of nested tables; deeper data stays JSON.</summary>
    public int? MaxTableNesting { get; init; }

    /// <summary>
    /// What may change in the table: a mode such as <c>freeze</c>, or an object of <c>tables</c>, <c>columns</c>, <c>data_type</c>.
    /// </summary>
    /// <exception cref="Dlt.Schemas.SchemaException">It is not a contract.</exception>
    public JsonValue? SchemaContract { get; init => field = Normalize.Contracts.SchemaContract.Checked(value); }

    /// <summary><c>hive</c>, <c>iceberg</c> or <c>native</c>.</summary>
    public string? TableFormat { get; init; }

    /// <summary>Further properties of the stored table, such as <c>x-…</c>, in order.</summary>
    public ImmutableArray<KeyValuePair<string, JsonValue>> Additional { get; init; } = [];

    /// <summary>The name of the table variant that these hints are of, as given; null for those of a resource.</summary>
    internal string? VariantName { get; init; }

    /// <summary>The declared table under its raw names.</summary>
    internal TableSchema ToTable(string resource, string table)
    {
        var columns = KeyColumns.Declare(Columns, PrimaryKey, MergeKey);
        if (Incremental is { IsField: true } incremental)
        {
            var at = columns.FindIndex(c => c.Name == incremental.CursorPath);
            var column = (at < 0 ? new ColumnSchema(incremental.CursorPath) : columns[at]).With("incremental", JsonValue.Bool(true));
            if (at < 0) columns.Add(column);
            else columns[at] = column;
        }

        var result = new TableSchema(table).WithColumns(columns)
            .With("write_disposition", JsonValue.String(WriteDisposition.ToString().ToLowerInvariant()));
        if (TableFormat is { } format) result = result.With("table_format", JsonValue.String(format));
        if (SchemaContract is { } contract) result = result.With("schema_contract", contract);
        if (NestedAs == NestedAs.Columns) result = result.With(TableSchema.NestedColumnsHint, JsonValue.Bool(true));
        if ((NestedAs == NestedAs.Json ? 0 : MaxTableNesting) is { } nesting)
            result = result.With("x-normalizer", JsonValue.Object(("max_nesting", JsonValue.Integer(nesting))));
        foreach (var (name, value) in Additional) result = result.With(name, value);
        if (VariantName is { } variant) result = result.With("variant_name", JsonValue.String(variant));
        return result.With("resource", JsonValue.String(resource));
    }
}
