using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt;

/// <summary>Hints of a resource for its table (dlt documentation, Resource).</summary>
public sealed record ResourceHints
{
    private const string TablePropertiesHint = "x-athena-table-properties";

    /// <summary>Name of the table; null for the name of the resource.</summary>
    public string? TableName { get; init; }

    /// <summary>
    /// Function that returns the table name of an item, for a resource that feeds several tables. Its argument is the item as extracted.
    /// </summary>
    public Func<JsonValue, string>? TableNameOf { get; init; }

    /// <summary>Specifies how a load treats existing rows of the table.</summary>
    public WriteDisposition WriteDisposition { get => DeclaredDisposition ?? WriteDisposition.Append; init => DeclaredDisposition = value; }

    /// <summary>Strategy of <see cref="WriteDisposition.Merge"/>; null for the first strategy that the destination supports.</summary>
    /// <remarks>Only for that disposition. With any other one, declaring the table throws a <see cref="SchemaException"/>.</remarks>
    public MergeStrategy? MergeStrategy { get; init; }

    /// <summary>Declared columns with types and hints. Their names are normalized.</summary>
    public ImmutableArray<ColumnSchema> Columns { get; init; } = [];

    /// <summary>Columns that identify a row. A key column is not nullable unless it is declared so.</summary>
    public ImmutableArray<string> PrimaryKey { get; init; } = [];

    /// <summary>Columns of the merge key: a merge removes all rows that have one of the new values.</summary>
    public ImmutableArray<string> MergeKey { get; init; } = [];

    /// <summary>
    /// Column that marks rows to delete in a merge: by true in a boolean column, by any value that is not null in other columns. Null for
    /// none.
    /// </summary>
    public string? HardDelete { get; init; }

    /// <summary>Determines which of several new rows with the same primary key a merge keeps; null for any of them.</summary>
    public DedupSort? DedupSort { get; init; }

    /// <summary>Incremental cursor, which loads only items that are newer than those of earlier runs; null to load all items.</summary>
    public Incremental? Incremental { get; init; }

    /// <summary>Hints for nested tables, by path.</summary>
    public ImmutableArray<NestedHints> Nested { get; init; } = [];

    /// <summary>Specifies how nested objects and lists are stored.</summary>
    public NestedAs NestedAs { get; init; }

    /// <summary>Number of levels of nested tables; deeper values are stored as JSON. Null for the limit of the source.</summary>
    public int? MaxTableNesting { get; init; }

    /// <summary>Contract for changes of the table; null for the contract of the source.</summary>
    public SchemaContract? SchemaContract { get; init; }

    /// <summary>Format of the table. The destination chooses it by default.</summary>
    public TableFormat TableFormat { get; init; }

    /// <summary>Partitions of the table, in their order; empty for a table without partitions.</summary>
    public ImmutableArray<Partition> Partitions { get; init; } = [];

    /// <summary>
    /// Properties of the table in the destination, by name: of an Iceberg table, or of an external table in Glue. Each load sets those that
    /// the table lacks or has with another value; other properties stay. Names that the destination decides are refused.
    /// </summary>
    /// <remarks>Stored as the hint <c>x-athena-table-properties</c>, a map of texts.</remarks>
    public ImmutableDictionary<string, string> TableProperties { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Additional properties of the stored table, such as <c>x-…</c>, in order.</summary>
    public ImmutableArray<KeyValuePair<string, JsonValue>> Additional { get; init; } = [];

    /// <summary>The write disposition when it was set, even to its default; null otherwise.</summary>
    internal WriteDisposition? DeclaredDisposition { get; private init; }

    /// <summary>Name of the table variant that the hints belong to, not normalized; null for the hints of a resource.</summary>
    internal string? VariantName { get; init; }

    /// <summary>Creates the declared table, with names that are not normalized.</summary>
    internal TableSchema ToTable(string resource, string table)
    {
        if (MergeStrategy is not null && WriteDisposition != WriteDisposition.Merge)
        {
            throw new SchemaException(
                $"The hints of resource '{resource}' have a merge strategy, but the write disposition {WriteDisposition.Name()}. "
                + "Nothing was loaded. Set WriteDisposition = WriteDisposition.Merge, or leave MergeStrategy out.")
            { Table = table };
        }

        var columns = KeyColumns.Declare(Columns, PrimaryKey, MergeKey, HardDelete, DedupSort);
        var result = new TableSchema(table).WithColumns(columns).With(WriteDisposition);
        if (MergeStrategy is { } strategy) result = MergeStrategyHints.Declare(result, strategy);
        if (Incremental is { IsField: true } incremental)
        {
            var column = result.TryGetColumn(incremental.CursorPath, out var known) ? known : new ColumnSchema(incremental.CursorPath);
            result = result.WithColumn(column.With("incremental", JsonValue.Bool(true)));
        }

        if (TableFormat != TableFormat.Default) result = result.With(TableFormat);
        if (SchemaContract is { } contract) result = result.With(contract);
        if (NestedAs == NestedAs.Columns) result = result.With(TableSchema.NestedColumnsHint, JsonValue.Bool(true));
        if ((NestedAs == NestedAs.Json ? 0 : MaxTableNesting) is { } nesting)
            result = result.With("x-normalizer", JsonValue.Object(("max_nesting", JsonValue.Integer(nesting))));
        if (!Partitions.IsDefaultOrEmpty) result = result.With(Partition.Hint, Partition.ToJson(Partitions));
        if (!TableProperties.IsEmpty) result = result.With(TablePropertiesHint, ToJson(TableProperties));
        foreach (var (name, value) in Additional) result = result.With(name, value);
        if (VariantName is { } variant) result = result.With("variant_name", JsonValue.String(variant));
        return result.With("resource", JsonValue.String(resource));
    }

    private static JsonValue ToJson(ImmutableDictionary<string, string> properties) => JsonValue.Object(
        properties.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, JsonValue.String(p.Value))));
}
