using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>Applies the contract of an existing table to the columns that hints declare (docs/spec/pipeline.md 4.9).</summary>
internal static class DeclaredColumns
{
    private static readonly string[] TypeProperties = ["data_type", "precision", "scale", "timezone", "nullable"];

    /// <summary>Returns the declared table without the columns that the contract discards.</summary>
    /// <param name="partial">Declared table.</param>
    /// <param name="stored">Stored table.</param>
    /// <param name="contract">Contract of the stored table.</param>
    /// <param name="schema">Schema, for error messages.</param>
    /// <exception cref="SchemaContractException">
    /// The contract freezes columns or data types, and the declaration changes one of them.
    /// </exception>
    public static TableSchema Allowed(TableSchema partial, TableSchema stored, ResolvedContract contract, Schema schema)
    {
        if (contract.IsEvolve) return partial;
        var kept = new List<ColumnSchema>();
        foreach (var column in partial.Columns)
        {
            var isOwn = column.Name.StartsWith(SystemTables.Prefix, StringComparison.Ordinal);
            var mode = isOwn ? ContractMode.Evolve
                : !stored.TryGetColumn(column.Name, out var known) || !known.IsComplete ? NewColumnMode(column, stored, contract)
                : ChangesType(known, column) ? contract.DataType : ContractMode.Evolve;
            if (mode == ContractMode.Evolve) kept.Add(column);
            else if (mode == ContractMode.Freeze) throw Frozen(stored, column, schema);
        }

        return partial.WithColumns(kept);
    }

    /// <summary>Returns whether the table gets its first columns in this run. All of them may then be added.</summary>
    public static bool EvolvesOnce(TableSchema table) =>
        table["x-normalizer"] is { Kind: JsonKind.Object } hints && hints["evolve-columns-once"] is { Kind: JsonKind.True };

    private static ContractMode NewColumnMode(ColumnSchema column, TableSchema stored, ResolvedContract contract) =>
        column.IsComplete && !EvolvesOnce(stored) ? contract.Columns : ContractMode.Evolve;

    private static bool ChangesType(ColumnSchema known, ColumnSchema declared) => TypeProperties.Any(property =>
        declared.Properties[property] is { } value
        && !ColumnSchema.IsDefault(property, value)
        && !value.Equals(known.Properties[property]));

    private static SchemaContractException Frozen(TableSchema table, ColumnSchema column, Schema schema)
    {
        var isNew = !table.TryGetColumn(column.Name, out var known) || !known.IsComplete;
        var what = isNew ? "that the table does not have" : "with another type than it has";
        return new(
            $"Hints declare column '{table.Name}.{column.Name}' {what}, "
            + $"and the contract of schema '{schema.Name}' freezes {(isNew ? "columns" : "data types")}. "
            + "Nothing of this run was loaded, and the state is as before. "
            + "Take the declaration out of the hints, or set the contract to evolve.",
            isNew ? "columns" : "data_type")
        { Table = table.Name, Column = column.Name };
    }
}
