namespace Dlt.Schemas;

/// <summary>The modes that hold for a table, with evolve where no contract says anything.</summary>
/// <param name="Tables">For a new table.</param>
/// <param name="Columns">For new columns.</param>
/// <param name="DataType">For values of another type than their column's.</param>
internal readonly record struct ResolvedContract(ContractMode Tables, ContractMode Columns, ContractMode DataType)
{
    /// <summary>True when everything may change.</summary>
    public bool IsEvolve => this == default;

    /// <summary>The modes of a contract; evolve for what it leaves open.</summary>
    public static ResolvedContract Of(SchemaContract? contract) => contract is null
        ? default
        : new(contract.Tables ?? default, contract.Columns ?? default, contract.DataType ?? default);

    /// <summary>The contract of a table: its own, else that of the nearest ancestor, else that of the schema, else evolve.</summary>
    public static ResolvedContract Of(Schema schema, TableSchema? table) => Of(
        SchemaContract.Parse(table is null ? null : schema.InheritedValue(table, HintNames.SchemaContract)) ?? schema.Contract);
}
