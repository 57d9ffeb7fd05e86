using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Normalize.Contracts;

/// <summary>What happens to data that would change the schema.</summary>
public enum ContractMode
{
    /// <summary>The schema changes.</summary>
    Evolve,
    /// <summary>An error.</summary>
    Freeze,
    /// <summary>The row, and the rows nested below it, are dropped.</summary>
    DiscardRow,
    /// <summary>The value is dropped.</summary>
    DiscardValue,
}

/// <summary>The modes for new tables, new columns and changed types (dlt documentation, Schema and data contracts).</summary>
public sealed record SchemaContract(ContractMode Tables, ContractMode Columns, ContractMode DataType)
{
    /// <summary>Everything may change.</summary>
    public static SchemaContract Evolve { get; } = new(ContractMode.Evolve, ContractMode.Evolve, ContractMode.Evolve);

    internal bool IsEvolve => this == Evolve;

    /// <summary>The contract of a table: its own, that of the nearest ancestor, that of the schema, or evolve.</summary>
    internal static SchemaContract Of(Schema schema, TableSchema? table)
    {
        var stored = table is null ? null : schema.InheritedValue(table, "schema_contract");
        return Parse(stored ?? schema.Settings["schema_contract"]);
    }

    /// <summary>Reads one mode for all, or an object with <c>tables</c>, <c>columns</c>, <c>data_type</c>.</summary>
    /// <exception cref="SchemaException">A mode is not known.</exception>
    internal static SchemaContract Parse(JsonValue? stored) => stored switch
    {
        null or { Kind: JsonKind.Null } => Evolve,
        { Kind: JsonKind.String } => new(Mode(stored), Mode(stored), Mode(stored)),
        { Kind: JsonKind.Object } when stored.Members.Names.All(n => n is "tables" or "columns" or "data_type") =>
            new(Mode(stored["tables"]), Mode(stored["columns"]), Mode(stored["data_type"])),
        _ => throw Unknown(stored),
    };

    /// <summary>The contract as given, once it is known to be one.</summary>
    /// <exception cref="SchemaException">It is not.</exception>
    internal static JsonValue? Checked(JsonValue? contract)
    {
        Parse(contract);
        return contract;
    }

    internal static string Name(ContractMode mode) => mode switch
    {
        ContractMode.Freeze => "freeze",
        ContractMode.DiscardRow => "discard_row",
        ContractMode.DiscardValue => "discard_value",
        _ => "evolve",
    };

    private static ContractMode Mode(JsonValue? mode) => mode switch
    {
        null or { Kind: JsonKind.Null } => ContractMode.Evolve,
        { Kind: not JsonKind.String } => throw Unknown(mode),
        _ => mode.AsString() switch
        {
            "evolve" => ContractMode.Evolve,
            "freeze" => ContractMode.Freeze,
            "discard_row" => ContractMode.DiscardRow,
            "discard_value" => ContractMode.DiscardValue,
            _ => throw Unknown(mode),
        },
    };

    private static SchemaException Unknown(JsonValue contract) => new(
        $"{contract} is not a schema contract. Use evolve, freeze, discard_row or discard_value, or an object that gives one of them "
        + "to tables, columns or data_type.");
}
