using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// Hints of an item for its table (dlt's <c>make_hints</c>). A null property keeps the current hint, an empty value removes it.
/// </summary>
/// <remarks>
/// The cursor, the nesting of values and the nesting limit cannot come with an item, because they determine how the resource is read.
/// </remarks>
public sealed record ItemHints
{
    /// <summary>Properties of a stored table that have their own member here, or belong to the resource.</summary>
    private static readonly string[] OwnProperties =
    [
        "name", "columns", "parent", "resource", "write_disposition", "table_format", "schema_contract", "variant_name", "primary_key",
        "merge_key", "incremental", HintNames.MergeStrategy,
    ];

    /// <summary>Name of the table for this and the following items; an empty string for the name of the resource.</summary>
    public string? TableName { get; init; }

    /// <summary>Function that returns the table name of each following item. Its argument is the item as extracted.</summary>
    public Func<JsonValue, string>? TableNameOf { get; init; }

    /// <summary>
    /// Specifies how a load treats existing rows of the table. Setting it removes the resource's merge strategy, unless
    /// <see cref="MergeStrategy"/> is set too.
    /// </summary>
    public WriteDisposition? WriteDisposition { get; init; }

    /// <summary>Strategy of the disposition merge; replaces the current strategy.</summary>
    public MergeStrategy? MergeStrategy { get; init; }

    /// <summary>
    /// Columns with types and hints. They are merged by name, property by property, with the current columns. An empty list removes all
    /// columns.
    /// </summary>
    public ImmutableArray<ColumnSchema>? Columns { get; init; }

    /// <summary>Columns that identify a row; replace the current primary key.</summary>
    public ImmutableArray<string>? PrimaryKey { get; init; }

    /// <summary>
    /// Columns of the merge key; replace the current merge key. A merge removes all rows that have one of the new values.
    /// </summary>
    public ImmutableArray<string>? MergeKey { get; init; }

    /// <summary>Hints for nested tables; replace all current hints for nested tables.</summary>
    public ImmutableArray<NestedHints>? Nested { get; init; }

    /// <summary>Contract for changes of the table. <see cref="SchemaContract.None"/> removes the current contract.</summary>
    public SchemaContract? SchemaContract { get; init; }

    /// <summary>Format of the table. With <see cref="TableFormat.Default"/> the destination chooses.</summary>
    public TableFormat? TableFormat { get; init; }

    /// <summary>
    /// Additional properties of the stored table, such as <c>x-…</c>, merged with the current ones. An empty list removes all of them.
    /// </summary>
    /// <exception cref="ArgumentException">A property has its own member in this type, or belongs to the resource.</exception>
    public ImmutableArray<KeyValuePair<string, JsonValue>>? Additional
    {
        get;
        init
        {
            var properties = value is { IsDefault: false } set ? set : [];
            if (properties.FirstOrDefault(p => OwnProperties.Contains(p.Key)).Key is { } own)
                throw new ArgumentException($"'{own}' cannot be set as an additional property. {Advice(own)}", nameof(value));
            field = value;
        }
    }

    /// <summary>Returns the hints of a resource or variant, overridden by these hints.</summary>
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
