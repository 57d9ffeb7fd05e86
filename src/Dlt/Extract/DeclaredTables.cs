using Dlt.Json;
using Dlt.Normalize.Contracts;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>Brings the tables of a source into the schema as their first items come (docs/spec/pipeline.md 1.3, 4.9).</summary>
/// <param name="source">The source.</param>
/// <param name="schema">Gets the tables.</param>
/// <param name="hints">What the resources say at this point of the run.</param>
/// <param name="capabilities">Limits of the destination.</param>
/// <param name="runContract">The contract of the run, which overrides all others; null for none.</param>
internal sealed class DeclaredTables(
    Source source, Schema schema, CurrentHints hints, DestinationCapabilities capabilities, SchemaContract? runContract)
{
    private readonly HashSet<(string Resource, string Table)> _fed = [];
    private readonly HashSet<(string Resource, string Table)> _declared = [];   // under the hints that hold now
    private readonly HashSet<(string Resource, string Table)> _arrow = [];
    private readonly HashSet<string> _discarded = new(StringComparer.Ordinal);
    private readonly ArrowColumnOrder _arrowOrder = new(schema, [.. source.Resources.Select(r => r.Name)]);

    /// <summary>Called with each table that was declared or got columns.</summary>
    public Action<TableSchema>? Changed { get; init; }

    /// <summary>The tables of this run.</summary>
    public IReadOnlyCollection<TableSchema> Tables => [.. schema.Tables.Where(t => _fed.Any(d => d.Table == t.Name))];

    /// <summary>A table that has columns; null otherwise.</summary>
    public TableSchema? Find(string tableName) =>
        schema.TryGetTable(schema.NormalizeTableIdentifier(tableName), out var table) && table.CompleteColumns.Any() ? table : null;

    /// <summary>The contract that holds for a table in this run.</summary>
    public ResolvedContract ContractOf(Resource resource, TableSchema table)
    {
        var own = runContract ?? hints.Of(resource, table.Name).SchemaContract;
        var contract = own is null ? ResolvedContract.Of(schema, table) : ResolvedContract.Of(own);
        return DeclaredColumns.EvolvesOnce(table) ? contract with { Columns = ContractMode.Evolve } : contract;
    }

    /// <summary>The hints of the resource are others now: its tables are declared again, and contracts are asked again.</summary>
    public void Forget(Resource resource)
    {
        _declared.RemoveWhere(d => d.Resource == resource.Name);
        _discarded.Clear();
    }

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
        _fed.Add((resource.Name, name));
        if (!_declared.Add((resource.Name, name)))
        {
            if (found is null) return name;
            _arrowOrder.Add(name, resource.Name, found);
            if (NewColumns(found, schema.Table(name)).ToList() is not { Count: > 0 } further) return name;
            schema.UpdateTable(schema.Table(name).WithColumns(further), capabilities);
            Changed?.Invoke(schema.Table(name));
            return name;
        }

        FileNameComponent.Check(name, "table name");
        CheckNotReserved(name, tableName);
        var own = hints.Of(resource, name);
        var partial = schema.NormalizeNames(own.ToTable(resource.Name, tableName));
        if (_fed.Any(d => d.Table == name && d.Resource != resource.Name))
            partial = partial.With("resource", JsonValue.String(OwnerOf(name)));
        if (runContract is not null) partial = partial.With(runContract);
        schema.TryGetTable(name, out var stored);
        if (found is not null)
        {
            _arrowOrder.Add(
                name, resource.Name, [.. found.Select(c => partial.TryGetColumn(c.Name, out var hint) ? c.MergedWith(hint) : c)]);
            var declared = partial;
            var addable = NewColumns(found, stored).ToList();
            partial = partial.WithColumns(
            [
                .. addable.Select(c => declared.TryGetColumn(c.Name, out var hint) ? c.MergedWith(hint) : c),
                .. declared.Columns.Where(h => !addable.Exists(c => c.Name == h.Name)),
            ]);
        }

        var contract = ResolvedContract.Of(partial.SchemaContract ?? schema.Contract);
        if (stored is null || !stored.CompleteColumns.Any())
        {
            if (contract.Tables == ContractMode.Freeze)
            {
                throw new SchemaContractException(
                    $"Table '{name}' is new, and the contract of schema '{schema.Name}' freezes tables. Nothing was loaded. Set the "
                    + "contract to evolve, or leave the resource out.", "tables") { Table = name };
            }

            if (contract.Tables != ContractMode.Evolve)
            {
                _discarded.Add(name);
                return null;
            }

            if (contract.Columns != ContractMode.Evolve)
                partial = partial.With("x-normalizer", (partial["x-normalizer"] ?? JsonValue.EmptyObject)
                    .With("evolve-columns-once", JsonValue.Bool(true)));
        }

        else
        {
            partial = DeclaredColumns.Allowed(partial, stored, contract, schema);
        }

        if (stored?["x-normalizer"] is { Kind: JsonKind.Object } known && partial["x-normalizer"] is { Kind: JsonKind.Object } added)
            partial = partial.With("x-normalizer", JsonValue.Object(known.Members.Concat(added.Members)));
        schema.Redeclare(partial, capabilities);
        foreach (var nested in own.Nested.OrderBy(n => n.Path.Length))
            schema.Redeclare(nested.ToTable(schema, resource.Name, name), capabilities);
        Changed?.Invoke(schema.Table(name));
        return name;
    }

    /// <summary>
    /// Puts the columns of tables that several Arrow resources feed in the order of the resources: which was faster does not matter.
    /// </summary>
    public void Settle() => _arrowOrder.Settle();

    /// <summary>
    /// A table that several resources feed belongs to the first of them, whichever is faster; those of items go before those of Arrow
    /// tables, of which it is the last (as in dlt).
    /// </summary>
    private string OwnerOf(string table)
    {
        var feeding = source.Resources.Where(r => _fed.Contains((r.Name, table))).ToList();
        return (feeding.Find(r => !_arrow.Contains((r.Name, table))) ?? feeding[^1]).Name;
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
}
