using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt;

/// <summary>Hints that come with an item (dlt's <c>make_hints</c>): null leaves what holds, an empty value removes it.</summary>
/// <remarks>
/// The cursor, the nesting of values and the limit of levels belong to the resource and cannot come with an item: they decide how the
/// resource is read, before it has an item.
/// </remarks>
public sealed record ItemHints
{
    /// <summary>Properties of a stored table that have a member of their own here, or belong to the resource.</summary>
    private static readonly string[] OwnProperties =
    [
        "name", "columns", "parent", "resource", "write_disposition", "table_format", "schema_contract", "variant_name", "primary_key",
        "merge_key", "incremental", HintNames.MergeStrategy,
    ];

    /// <summary>Name of the table for this and the following items; an empty text for the resource's own name.</summary>
    public string? TableName { get; init; }

    /// <summary>Name of the table of each item, from this one on; the item is given as extracted.</summary>
    public Func<JsonValue, string>? TableNameOf { get; init; }

    /// <summary>
    /// What a load does with the rows that the table has. It comes with <see cref="MergeStrategy"/>: that of the resource is left out.
    /// </summary>
    public WriteDisposition? WriteDisposition { get; init; }

    /// <summary>How a merge combines rows, instead of the strategy of before.</summary>
    public MergeStrategy? MergeStrategy { get; init; }

    /// <summary>Columns: types and hints, laid over those of the same name, property by property. An empty list removes all.</summary>
    public ImmutableArray<ColumnSchema>? Columns { get; init; }

    /// <summary>Columns that identify a row, instead of those of before.</summary>
    public ImmutableArray<string>? PrimaryKey { get; init; }

    /// <summary>Columns by which rows are replaced, instead of those of before.</summary>
    public ImmutableArray<string>? MergeKey { get; init; }

    /// <summary>Hints for tables of lists below, instead of all of before.</summary>
    public ImmutableArray<NestedHints>? Nested { get; init; }

    /// <summary>What may change in the table; <see cref="SchemaContract.None"/> removes the contract.</summary>
    public SchemaContract? SchemaContract { get; init; }

    /// <summary>The format of the table; <see cref="TableFormat.Default"/> leaves it to the destination.</summary>
    public TableFormat? TableFormat { get; init; }

    /// <summary>Further properties of the stored table, such as <c>x-…</c>, laid over those of before. An empty list removes all.</summary>
    /// <exception cref="ArgumentException">A property has a member of its own, or belongs to the resource.</exception>
    public ImmutableArray<KeyValuePair<string, JsonValue>>? Additional
    {
        get;
        init
        {
            if (value is { IsDefault: false } properties && properties.FirstOrDefault(p => OwnProperties.Contains(p.Key)).Key is { } own)
                throw new ArgumentException($"'{own}' is no further property of a table. {Advice(own)}", nameof(value));
            field = value;
        }
    }

    /// <summary>The hints of a resource or variant with these laid over them.</summary>
    internal ResourceHints Over(ResourceHints basis) => WithTable(basis) with
    {
        WriteDisposition = WriteDisposition ?? basis.WriteDisposition,
        MergeStrategy = MergeStrategy ?? (WriteDisposition is null ? basis.MergeStrategy : null),
        Columns = Columns switch
        {
            { IsDefault: false } declared => declared.Length == 0 ? [] : ColumnsOver(basis.Columns, declared),
            _ => basis.Columns,
        },
        PrimaryKey = Or(PrimaryKey, basis.PrimaryKey),
        MergeKey = Or(MergeKey, basis.MergeKey),
        Nested = Or(Nested, basis.Nested),
        SchemaContract = SchemaContract ?? basis.SchemaContract,
        TableFormat = TableFormat ?? basis.TableFormat,
        Additional = Additional switch
        {
            { IsDefault: false } properties => properties.Length == 0 ? [] : PropertiesOver(basis.Additional, properties),
            _ => basis.Additional,
        },
    };

    private ResourceHints WithTable(ResourceHints basis)
    {
        if (TableNameOf is { } choose) return basis with { TableName = null, TableNameOf = choose };
        return TableName is { } name ? basis with { TableName = name.Length == 0 ? null : name, TableNameOf = null } : basis;
    }

    private static ImmutableArray<T> Or<T>(ImmutableArray<T>? own, ImmutableArray<T> basis) =>
        own is { IsDefault: false } set ? set : basis;

    private static ImmutableArray<ColumnSchema> ColumnsOver(ImmutableArray<ColumnSchema> basis, ImmutableArray<ColumnSchema> declared)
    {
        var table = new TableSchema("");
        return SchemaMerge.MergeTable(table.WithColumns(basis), table.WithColumns(declared)).Columns;
    }

    private static ImmutableArray<KeyValuePair<string, JsonValue>> PropertiesOver(
        ImmutableArray<KeyValuePair<string, JsonValue>> basis, ImmutableArray<KeyValuePair<string, JsonValue>> properties)
    {
        static TableSchema Table(ImmutableArray<KeyValuePair<string, JsonValue>> properties) =>
            properties.Aggregate(new TableSchema(""), (table, property) => table.With(property.Key, property.Value));
        return [.. SchemaMerge.MergeTable(Table(basis), Table(properties)).Hints.Where(p => p.Key != "name")];
    }

    private static string Advice(string property) => property switch
    {
        "incremental" => "A cursor belongs to the resource: set Incremental in ResourceHints.",
        "resource" or "parent" or "variant_name" => "It follows from the resource and the table that the item is for.",
        "name" => "Set TableName.",
        "columns" => "Set Columns.",
        "primary_key" => "Set PrimaryKey.",
        "merge_key" => "Set MergeKey.",
        "write_disposition" => "Set WriteDisposition.",
        HintNames.MergeStrategy => "Set MergeStrategy.",
        "table_format" => "Set TableFormat.",
        _ => "Set SchemaContract.",
    };
}
