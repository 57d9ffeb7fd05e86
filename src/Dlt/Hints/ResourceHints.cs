using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt;

/// <summary>The hints of a resource for its table (dlt documentation, Resource).</summary>
public sealed record ResourceHints
{
    /// <summary>Table name; the resource's name by default.</summary>
    public string? TableName { get; init; }

    /// <summary>Table name of one item, for a resource that feeds several tables; the item is given as extracted.</summary>
    public Func<JsonValue, string>? TableNameOf { get; init; }

    /// <summary>What a load does with the rows that the table has.</summary>
    public WriteDisposition WriteDisposition { get; init; } = WriteDisposition.Append;

    /// <summary>How <see cref="WriteDisposition.Merge"/> combines rows; null for the destination's first strategy.</summary>
    /// <remarks>Used with that disposition only; with any other it is an error when the table is declared.</remarks>
    public MergeStrategy? MergeStrategy { get; init; }

    /// <summary>Declared columns: types and hints. Names are normalised.</summary>
    public ImmutableArray<ColumnSchema> Columns { get; init; } = [];

    /// <summary>Columns that identify a row.</summary>
    public ImmutableArray<string> PrimaryKey { get; init; } = [];

    /// <summary>Columns whose rows are replaced together: a merge removes all rows that have one of the new values.</summary>
    public ImmutableArray<string> MergeKey { get; init; } = [];

    /// <summary>
    /// Column that marks rows which a merge deletes: a boolean that is true, or any other value that is not null. Null for none.
    /// </summary>
    public string? HardDelete { get; init; }

    /// <summary>Which of several new rows of one primary key a merge keeps; null: any.</summary>
    public DedupSort? DedupSort { get; init; }

    /// <summary>Loads only items that are newer than those of earlier runs.</summary>
    public Incremental? Incremental { get; init; }

    /// <summary>Hints for tables of lists below, by path.</summary>
    public ImmutableArray<NestedHints> Nested { get; init; } = [];

    /// <summary>What becomes of nested objects and lists.</summary>
    public NestedAs NestedAs { get; init; }

    /// <summary>Levels of nested tables; deeper data stays JSON.</summary>
    public int? MaxTableNesting { get; init; }

    /// <summary>What may change in the table; null for the contract of the source.</summary>
    public SchemaContract? SchemaContract { get; init; }

    /// <summary>The format of the table; the destination chooses unless set.</summary>
    public TableFormat TableFormat { get; init; }

    /// <summary>Further properties of the stored table, such as <c>x-…</c>, in order.</summary>
    public ImmutableArray<KeyValuePair<string, JsonValue>> Additional { get; init; } = [];

    /// <summary>The name of the table variant that these hints are of, as given; null for those of a resource.</summary>
    internal string? VariantName { get; init; }

    /// <summary>The declared table under its raw names.</summary>
    internal TableSchema ToTable(string resource, string table)
    {
        if (MergeStrategy is not null && WriteDisposition != WriteDisposition.Merge)
        {
            throw new SchemaException(
                $"The hints of resource '{resource}' have a merge strategy, but the write disposition {WriteDisposition.Name()}. Nothing "
                + "was loaded. Set WriteDisposition = WriteDisposition.Merge, or leave MergeStrategy out.") { Table = table };
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
        foreach (var (name, value) in Additional) result = result.With(name, value);
        if (VariantName is { } variant) result = result.With("variant_name", JsonValue.String(variant));
        return result.With("resource", JsonValue.String(resource));
    }
}
