using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// Hints for the table of a list nested in the items of a resource (dlt documentation, Resource). Every level in between needs its own
/// hints.
/// </summary>
/// <param name="Path">Names of the lists from the root table down, as in the data.</param>
public sealed record NestedHints(params ImmutableArray<string> Path)
{
    /// <summary>Declared columns with types and hints.</summary>
    public ImmutableArray<ColumnSchema> Columns { get; init; } = [];

    /// <summary>Columns that identify a row. A table with a key has no parent table: its rows are root rows.</summary>
    public ImmutableArray<string> PrimaryKey { get; init; } = [];

    /// <summary>
    /// Columns of the merge key: a merge removes all rows that have one of the new values. A table with a key has no parent table.
    /// </summary>
    public ImmutableArray<string> MergeKey { get; init; } = [];

    /// <summary>
    /// Specifies how a load treats existing rows of the table. Null for the disposition of the parent table, or for
    /// <see cref="Dlt.WriteDisposition.Append"/> if the table has a key.
    /// </summary>
    public WriteDisposition? WriteDisposition { get; init; }

    /// <summary>Contract for changes of the table; null for the contract of the parent table.</summary>
    public SchemaContract? SchemaContract { get; init; }

    /// <summary>Format of a table with a key. The destination chooses it by default.</summary>
    public TableFormat TableFormat { get; init; }

    /// <summary>Returns the normalized name of the nested table.</summary>
    internal string TableName(Schema schema, string rootTable) => schema.Naming.ShortenFragments(PartsBelow(schema, rootTable));

    /// <summary>Creates the declared table.</summary>
    /// <param name="schema">Schema that normalizes names.</param>
    /// <param name="resource">Name of the resource.</param>
    /// <param name="rootTable">Normalized name of the resource's table.</param>
    internal TableSchema ToTable(Schema schema, string resource, string rootTable)
    {
        var parts = PartsBelow(schema, rootTable);
        var name = schema.Naming.ShortenFragments(parts);
        var hasKey = PrimaryKey.Length > 0 || MergeKey.Length > 0;
        var table = new TableSchema(name, hasKey ? null : schema.Naming.ShortenFragments(parts[..^1]))
            .WithColumns(KeyColumns.Declare(Columns, PrimaryKey, MergeKey));
        if (WriteDisposition is { } disposition)
            table = table.With(disposition);
        else if (hasKey)
            table = table.With(Dlt.WriteDisposition.Append);
        if (TableFormat != TableFormat.Default) table = table.With(TableFormat);
        if (SchemaContract is { } contract) table = table.With(contract);
        if (hasKey) table = table.With("resource", JsonValue.String(resource));
        return schema.NormalizeNames(table).With("name", JsonValue.String(name));
    }

    private string[] PartsBelow(Schema schema, string rootTable) => [rootTable, .. Path.Select(schema.NormalizeTableIdentifier)];
}
