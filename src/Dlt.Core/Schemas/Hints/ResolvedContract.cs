namespace Dlt.Schemas;

/// <summary>The contract modes of a table; unspecified modes are <see cref="ContractMode.Evolve"/>.</summary>
/// <param name="Tables">Mode for a new table.</param>
/// <param name="Columns">Mode for new columns.</param>
/// <param name="DataType">Mode for values whose type differs from their column's.</param>
internal readonly record struct ResolvedContract(ContractMode Tables, ContractMode Columns, ContractMode DataType)
{
    /// <summary>True when all modes are <see cref="ContractMode.Evolve"/>.</summary>
    public bool IsEvolve => this == default;

    /// <summary>Returns the modes of a contract; unspecified modes are <see cref="ContractMode.Evolve"/>.</summary>
    public static ResolvedContract Of(SchemaContract? contract) => contract is null
        ? default
        : new(contract.Tables ?? default, contract.Columns ?? default, contract.DataType ?? default);

    /// <summary>Returns the modes of a table, from its own contract, the nearest ancestor with one, or the schema, in this order.</summary>
    public static ResolvedContract Of(Schema schema, TableSchema? table) => Of(
        SchemaContract.Parse(table is null ? null : schema.InheritedValue(table, HintNames.SchemaContract)) ?? schema.Contract);
}
