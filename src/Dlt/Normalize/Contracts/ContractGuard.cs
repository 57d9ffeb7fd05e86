using Dlt.Normalize.Coercion;
using Dlt.Normalize.Rows;
using Dlt.Schemas;

namespace Dlt.Normalize.Contracts;

/// <summary>Applies the contract of a table to the change that a row would make (docs/spec/pipeline.md 4.9).</summary>
internal sealed class ContractGuard(Schema schema)
{
    private readonly HashSet<string> _discardedTables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResolvedContract> _contracts = new(StringComparer.Ordinal);

    /// <summary>Returns true for a table whose rows the contract drops.</summary>
    public bool IsDiscarded(string table) => _discardedTables.Contains(table);

    /// <summary>Removes from the change and from the row the parts that the contract drops.</summary>
    /// <param name="partial">The new columns of the table.</param>
    /// <param name="values">The row.</param>
    /// <param name="isRowKept">False when the row is dropped. Columns that may evolve stay in the change even then.</param>
    /// <returns>False when the contract drops the table.</returns>
    /// <exception cref="SchemaContractException">The contract freezes the table, column or type that would change.</exception>
    public bool Apply(ref TableSchema partial, List<CoercedValue> values, out bool isRowKept)
    {
        isRowKept = true;
        if (SystemTables.IsSystemName(partial.Name)) return true;
        schema.TryGetTable(partial.Name, out var stored);
        var contract = ContractOf(partial, stored);
        if (contract.IsEvolve) return true;
        var isNew = stored is null || !stored.CompleteColumns.Any();
        if (isNew && contract.Tables != ContractMode.Evolve)
        {
            if (contract.Tables == ContractMode.Freeze) throw Frozen(partial.Name, null, "tables", "is new");
            _discardedTables.Add(partial.Name);
            isRowKept = false;
            return false;
        }

        var columns = isNew || EvolvesOnce(stored!) ? ContractMode.Evolve : contract.Columns;
        var kept = new List<ColumnSchema>();
        foreach (var column in partial.Columns)
        {
            var isVariant = column.Has("variant");
            var isSystem = column.Name.StartsWith(SystemTables.Prefix, StringComparison.Ordinal);
            var mode = isSystem ? ContractMode.Evolve : isVariant ? contract.DataType : columns;
            switch (mode)
            {
                case ContractMode.Evolve:
                    kept.Add(column);
                    break;
                case ContractMode.Freeze:
                    if (isVariant) throw Frozen(partial.Name, column.Name, "data_type", "would hold a value of another type");
                    var isStored = stored is not null && stored.TryGetColumn(column.Name, out _);
                    throw Frozen(partial.Name, column.Name, "columns", isStored ? "would get new fields" : "is new");
                case ContractMode.DiscardRow:
                    isRowKept = false;
                    break;
                default:
                    values.RemoveAll(v => v.Column.Name == column.Name);
                    break;
            }
        }

        partial = partial.WithColumns(kept);
        return true;
    }

    private static bool EvolvesOnce(TableSchema table) =>
        table["x-normalizer"] is { Kind: JsonKind.Object } hints && hints["evolve-columns-once"] is { Kind: JsonKind.True };

    private ResolvedContract ContractOf(TableSchema partial, TableSchema? stored)
    {
        if (_contracts.TryGetValue(partial.Name, out var contract)) return contract;
        var table = stored ?? (partial.Parent is { } parent && schema.TryGetTable(parent, out var above) ? above : null);
        return _contracts[partial.Name] = ResolvedContract.Of(schema, table);
    }

    private SchemaContractException Frozen(string table, string? column, string entity, string why)
    {
        var subject = column is null ? $"Table '{table}'" : $"Column '{table}.{column}'";
        var message = $"{subject} {why}, and the contract of schema '{schema.Name}' freezes {entity}. {UnloadedPackage.State} "
            + "Change the data, or set the contract to evolve, discard_row or discard_value.";
        return new(message, entity) { Table = table, Column = column };
    }
}
