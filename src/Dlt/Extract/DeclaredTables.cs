using Dlt.Json;
using Dlt.Normalize.Contracts;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>Brings the tables of a source into the schema as their first items come (spec/pipeline.md 1.3, 4.9).</summary>
/// <param name="source">The source.</param>
/// <param name="schema">Gets the tables.</param>
/// <param name="capabilities">Limits of the destination.</param>
/// <param name="runContract">The contract of the run, which overrides all others; null for none.</param>
internal sealed class DeclaredTables(Source source, Schema schema, DestinationCapabilities capabilities, JsonValue? runContract)
{
    private readonly HashSet<(string Resource, string Table)> _declared = [];
    private readonly HashSet<(string Resource, string Table)> _arrow = [];
    private readonly HashSet<string> _discarded = new(StringComparer.Ordinal);

    /// <summary>Called with each table that was declared or got columns.</summary>
    public Action<TableSchema>? Changed { get; init; }

    /// <summary>The tables of this run.</summary>
    public IReadOnlyCollection<TableSchema> Tables => [.. _declared.Select(d => d.Table).Distinct().Select(schema.Table)];

    /// <summary>A table that has columns; null otherwise.</summary>
    public TableSchema? Find(string tableName) => schema.TryGetTable(schema.NormalizeTableIdentifier(tableName), out var table) && table.CompleteColumns.Any() ? table : null;

    /// <summary>The contract that holds for a table in this run.</summary>
    public SchemaContract ContractOf(Resource resource, TableSchema table) =>
        (runContract ?? resource.Hints.SchemaContract) is { } own ? SchemaContract.Parse(own) : SchemaContract.Of(schema, table);

    /// <summary>Columns that the table lacks; those that it has keep their types, and the values become theirs.</summary>
    private static IEnumerable<ColumnSchema> NewColumns(IEnumerable<ColumnSchema> columns, TableSchema? table) =>
        columns.Where(c => table is null || !table.TryGetColumn(c.Name, out var known) || !known.IsComplete);

    /// <summary>Brings the hints of a resource into the schema, once per table.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="tableName">The table's name as given.</param>
    /// <param name="found">Columns that an Arrow table brings; hints lie over them.</param>
    /// <returns>The table's identifier; null when the contract drops the table.</returns>
    public string? Declare(Resource resource, string tableName, IReadOnlyList<ColumnSchema>? found = null)
    {
        var name = schema.NormalizeTableIdentifier(tableName);
        if (_discarded.Contains(name)) return null;
        if (found is not null) _arrow.Add((resource.Name, name));
        if (!_declared.Add((resource.Name, name)))
        {
            if (found is null || NewColumns(found, schema.Table(name)).ToList() is not { Count: > 0 } further) return name;
            schema.UpdateTable(schema.Table(name).WithColumns(further), capabilities);
            Changed?.Invoke(schema.Table(name));
            return name;
        }

        FileNameComponent.Check(name, "table name");
        CheckNotReserved(name, tableName);
        var partial = schema.NormalizeNames(resource.Hints.ToTable(resource.Name, tableName));
        if (_declared.Any(d => d.Table == name && d.Resource != resource.Name)) partial = partial.With("resource", JsonValue.String(FirstResourceOf(name)));
        if (runContract is not null) partial = partial.With("schema_contract", runContract);
        schema.TryGetTable(name, out var stored);
        if (found is not null)
        {
            var declared = partial;
            var added = NewColumns(found, stored).ToList();
            partial = partial.WithColumns(
            [
                .. added.Select(c => declared.TryGetColumn(c.Name, out var hint) ? c.MergedWith(hint) : c),
                .. declared.Columns.Where(h => !added.Exists(c => c.Name == h.Name)),
            ]);
        }

        var contract = SchemaContract.Parse(partial["schema_contract"] ?? schema.Settings["schema_contract"]);
        if (stored is null || !stored.CompleteColumns.Any())
        {
            if (contract.Tables == ContractMode.Freeze)
            {
                throw new SchemaContractException(
                    $"Table '{name}' is new, and the contract of schema '{schema.Name}' freezes tables. Nothing was loaded. Set the contract to evolve, or leave the resource out.", "tables") { Table = name };
            }

            if (contract.Tables != ContractMode.Evolve)
            {
                _discarded.Add(name);
                return null;
            }

            if (contract.Columns != ContractMode.Evolve)
                partial = partial.With("x-normalizer", (partial["x-normalizer"] ?? JsonValue.EmptyObject).With("evolve-columns-once", JsonValue.Bool(true)));
        }

        if (stored?["x-normalizer"] is { Kind: JsonKind.Object } hints && partial["x-normalizer"] is { Kind: JsonKind.Object } own)
            partial = partial.With("x-normalizer", JsonValue.Object(hints.Members.Concat(own.Members)));
        schema.UpdateTable(partial, capabilities);
        foreach (var nested in resource.Hints.Nested.OrderBy(n => n.Path.Length)) schema.UpdateTable(nested.ToTable(schema, resource.Name, name), capabilities);
        Changed?.Invoke(schema.Table(name));
        return name;
    }

    /// <summary>
    /// Tables of that name are dlt's: rows of others would make a pipeline lose its state, or count loads that never were.
    /// </summary>
    private static void CheckNotReserved(string name, string tableName)
    {
        if (!name.StartsWith(SystemTables.Prefix, StringComparison.OrdinalIgnoreCase)) return;   // Glue keeps no case
        throw new SchemaException(
            $"The table name '{tableName}' is reserved: tables whose names begin with '{SystemTables.Prefix}' are dlt's own. Nothing "
                + "was loaded. Choose another name.")
            { Table = name };
    }

    /// <summary>A table that several resources feed belongs to the first of them, whichever is faster; those of items go before those of Arrow tables.</summary>
    private string FirstResourceOf(string table) => source.Resources.Where(r => _declared.Contains((r.Name, table))).OrderBy(r => _arrow.Contains((r.Name, table))).First().Name;
}
