using Dlt.Internal;
using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>Adds the tables of a source to the schema when their first items arrive (docs/spec/pipeline.md 1.3, 4.9).</summary>
/// <param name="source">Source that runs.</param>
/// <param name="schema">Schema that receives the tables.</param>
/// <param name="hints">Hints of the resources at this point of the run.</param>
/// <param name="capabilities">Limits of the destination.</param>
/// <param name="runContract">Contract of the run, which overrides all other contracts; null for none.</param>
internal sealed class DeclaredTables(
    Source source, Schema schema, CurrentHints hints, DestinationCapabilities capabilities, SchemaContract? runContract)
{
    private readonly Dictionary<string, HashSet<string>> _fed = new(StringComparer.Ordinal);   // resources by table
    private readonly HashSet<(string Resource, string Table)> _declared = [];   // declared with the current hints
    private readonly HashSet<(string Resource, string Table)> _arrow = [];
    private readonly HashSet<string> _discarded = new(StringComparer.Ordinal);
    private readonly ArrowColumnOrder _arrowOrder = new(schema, [.. source.Resources.Select(r => r.Name)]);

    /// <summary>Callback for each table that was declared or extended.</summary>
    public Action<TableSchema>? Changed { get; init; }

    /// <summary>Tables that received items in this run.</summary>
    public IReadOnlyCollection<TableSchema> Tables => [.. schema.Tables.Where(t => _fed.ContainsKey(t.Name))];

    /// <summary>Finds a table that has complete columns; null otherwise.</summary>
    public TableSchema? Find(string tableName) =>
        schema.TryGetTable(schema.NormalizeTableIdentifier(tableName), out var table) && table.CompleteColumns.Any() ? table : null;

    /// <summary>Returns the contract that applies to a table in this run.</summary>
    public ResolvedContract ContractOf(Resource resource, TableSchema table)
    {
        var own = runContract ?? hints.Of(resource, table.Name).SchemaContract;
        var contract = own is null ? ResolvedContract.Of(schema, table) : ResolvedContract.Of(own);
        return DeclaredColumns.EvolvesOnce(table) ? contract with { Columns = ContractMode.Evolve } : contract;
    }

    /// <summary>Handles changed hints of a resource: its tables are declared again, and contracts are evaluated again.</summary>
    public void Forget(Resource resource)
    {
        _declared.RemoveWhere(d => d.Resource == resource.Name);
        _discarded.Clear();
    }

    /// <summary>Adds the hints of a resource to the schema, once per table.</summary>
    /// <param name="resource">Resource that feeds the table.</param>
    /// <param name="tableName">Name of the table, not normalized.</param>
    /// <param name="found">Columns of an Arrow table, which hints override; null for items.</param>
    /// <returns>Normalized name of the table; null when the contract discards the table.</returns>
    public string? Declare(Resource resource, string tableName, IReadOnlyList<ColumnSchema>? found = null)
    {
        var name = schema.NormalizeTableIdentifier(tableName);
        if (_discarded.Contains(name)) return null;
        if (found is not null) _arrow.Add((resource.Name, name));
        if (!_fed.TryGetValue(name, out var feeding)) _fed[name] = feeding = new(StringComparer.Ordinal);
        feeding.Add(resource.Name);
        if (!_declared.Add((resource.Name, name)))
        {
            if (found is not null) AddColumns(resource, name, found);
            return name;
        }

        FileNameComponent.Check(name, "table name");
        CheckNotReserved(name, tableName);
        var own = hints.Of(resource, name);
        var declared = schema.NormalizeNames(own.ToTable(resource.Name, tableName));
        if (feeding.Count > 1) declared = declared.With("resource", JsonValue.String(OwnerOf(name)));
        if (runContract is not null) declared = declared.With(runContract);
        schema.TryGetTable(name, out var stored);
        if (found is not null) declared = WithColumns(declared, resource, found, stored);
        if (ApplyContract(declared, stored) is not { } allowed) return null;
        if (stored?["x-normalizer"] is { Kind: JsonKind.Object } known && allowed["x-normalizer"] is { Kind: JsonKind.Object } added)
            allowed = allowed.With("x-normalizer", JsonValue.Object(known.Members.Concat(added.Members)));
        schema.Redeclare(allowed, capabilities);
        foreach (var nested in own.Nested.OrderBy(n => n.Path.Length))
            schema.Redeclare(nested.ToTable(schema, resource.Name, name), capabilities);
        Changed?.Invoke(schema.Table(name));
        return name;
    }

    /// <summary>
    /// Sorts the columns of tables that several Arrow resources feed by resource, so that the order does not depend on which generator is
    /// faster.
    /// </summary>
    public void Settle() => _arrowOrder.Settle();

    /// <summary>Adds the new columns of an Arrow table to a table that is declared already.</summary>
    private void AddColumns(Resource resource, string name, IReadOnlyList<ColumnSchema> found)
    {
        _arrowOrder.Add(name, resource.Name, found);
        if (NewColumns(found, schema.Table(name)).ToList() is not { Count: > 0 } added) return;
        schema.UpdateTable(schema.Table(name).WithColumns(added), capabilities);
        Changed?.Invoke(schema.Table(name));
    }

    /// <summary>Returns the declared table with the new columns of an Arrow table first, each overridden by its hints.</summary>
    private TableSchema WithColumns(TableSchema declared, Resource resource, IReadOnlyList<ColumnSchema> found, TableSchema? stored)
    {
        ColumnSchema Hinted(ColumnSchema column) => declared.TryGetColumn(column.Name, out var hint) ? column.MergedWith(hint) : column;
        _arrowOrder.Add(declared.Name, resource.Name, [.. found.Select(Hinted)]);
        var added = NewColumns(found, stored).ToList();
        var onlyDeclared = declared.Columns.Where(h => !added.Exists(c => c.Name == h.Name));
        return declared.WithColumns([.. added.Select(Hinted), .. onlyDeclared]);
    }

    /// <summary>Applies the contract to a declared table.</summary>
    /// <returns>The parts of the declaration that the contract allows; null when it discards the table.</returns>
    /// <exception cref="SchemaContractException">The contract freezes the table, or columns that would change.</exception>
    private TableSchema? ApplyContract(TableSchema declared, TableSchema? stored)
    {
        var name = declared.Name;
        var contract = ResolvedContract.Of(declared.SchemaContract ?? schema.Contract);
        if (stored is not null && stored.CompleteColumns.Any()) return DeclaredColumns.Allowed(declared, stored, contract, schema);
        if (contract.Tables == ContractMode.Freeze)
        {
            throw new SchemaContractException(
                $"Table '{name}' is new, and the contract of schema '{schema.Name}' freezes tables. "
                + "Nothing was loaded. Set the contract to evolve, or leave the resource out.", "tables")
            { Table = name };
        }

        if (contract.Tables != ContractMode.Evolve)
        {
            _discarded.Add(name);
            return null;
        }

        if (contract.Columns == ContractMode.Evolve) return declared;
        var normalizer = declared["x-normalizer"] ?? JsonValue.EmptyObject;
        return declared.With("x-normalizer", normalizer.With("evolve-columns-once", JsonValue.Bool(true)));
    }

    /// <summary>
    /// Returns the columns that the table does not have. Existing columns keep their types, and values are converted to them.
    /// </summary>
    private static IEnumerable<ColumnSchema> NewColumns(IEnumerable<ColumnSchema> columns, TableSchema? table) =>
        columns.Where(c => table is null || !table.TryGetColumn(c.Name, out var known) || !known.IsComplete);

    /// <summary>
    /// Returns the resource that owns a table. If several resources feed it, the first one in the source owns it, regardless of which is
    /// faster. Resources of items take precedence over resources of Arrow tables, of which the last one owns the table (as in dlt).
    /// </summary>
    private string OwnerOf(string table)
    {
        var feeding = source.Resources.Where(r => _fed[table].Contains(r.Name)).ToList();
        return (feeding.Find(r => !_arrow.Contains((r.Name, table))) ?? feeding[^1]).Name;
    }

    /// <summary>
    /// Refuses names that begin with the prefix of system tables. Rows of a resource in such a table would corrupt the pipeline's state or
    /// its load history.
    /// </summary>
    private static void CheckNotReserved(string name, string tableName)
    {
        if (!name.StartsWith(SystemTables.Prefix, StringComparison.OrdinalIgnoreCase)) return;   // Glue stores names in lower case
        throw new SchemaException(
            $"The table name '{tableName}' is reserved: tables whose names begin with '{SystemTables.Prefix}' are dlt's own. "
            + "Nothing was loaded. Choose another name.")
        { Table = name };
    }
}
