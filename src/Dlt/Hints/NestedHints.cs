using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// What a resource says about a table of a list below its own (dlt documentation, Resource). Every level in between needs hints of its own.
/// </summary>
/// <param name="Path">Names of the lists below the root table, as they are in the data.</param>
public sealed record NestedHints(params ImmutableArray<string> Path)
{
    /// <summary>Declared columns: types and hints.</summary>
    public ImmutableArray<ColumnSchema> Columns { get; init; } = [];

    /// <summary>Columns that identify a row. With a key the table has no parent any more: its rows are roots.</summary>
    public ImmutableArray<string> PrimaryKey { get; init; } = [];

    /// <summary>Columns by which rows are replaced. With a key the table has no parent any more.</summary>
    public ImmutableArray<string> MergeKey { get; init; } = [];

    /// <summary>What a load does with the rows that the table has; for tables with a key, <c>append</c> by default.</summary>
    public WriteDisposition? WriteDisposition { get; init; }

    /// <summary>What may change in the table; null for the contract of the table above.</summary>
    public SchemaContract? SchemaContract { get; init; }

    /// <summary>The format of a table with a key; the destination chooses unless set.</summary>
    public TableFormat TableFormat { get; init; }

    /// <summary>Identifier of the table below a root table.</summary>
    internal string TableName(Schema schema, string rootTable) => schema.Naming.ShortenFragments(PartsBelow(schema, rootTable));

    /// <summary>The declared table.</summary>
    /// <param name="schema">Names and known tables.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="rootTable">Identifier of the resource's table.</param>
    internal TableSchema ToTable(Schema schema, string resource, string rootTable)
    {
        var parts = PartsBelow(schema, rootTable);
        var name = schema.Naming.ShortenFragments(parts);
        var hasKey = PrimaryKey.Length > 0 || MergeKey.Length > 0;
        var table = new TableSchema(name, hasKey ? null : schema.Naming.ShortenFragments(parts[..^1]))
            .WithColumns(KeyColumns.Declare(Columns, PrimaryKey, MergeKey));
        if (WriteDisposition is { } disposition) table = table.With(disposition);
        else if (hasKey) table = table.With(Dlt.WriteDisposition.Append);
        if (TableFormat != TableFormat.Default) table = table.With(TableFormat);
        if (SchemaContract is { } contract) table = table.With(contract);
        return schema.NormalizeNames(hasKey ? table.With("resource", JsonValue.String(resource)) : table)
            .With("name", JsonValue.String(name));
    }

    private string[] PartsBelow(Schema schema, string rootTable) => [rootTable, .. Path.Select(schema.NormalizeTableIdentifier)];
}
