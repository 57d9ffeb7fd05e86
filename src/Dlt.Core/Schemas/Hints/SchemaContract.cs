namespace Dlt;

/// <summary>
/// Specifies what may change in a schema or table: one mode for new tables, one for new columns and one for changed types (dlt
/// documentation, Schema and data contracts). A mode that is null is unspecified and allows changes.
/// </summary>
public sealed record SchemaContract
{
    /// <summary>A contract without modes. In the hints of an item, it removes the contract of the resource.</summary>
    public static SchemaContract None { get; } = new();

    /// <summary>Creates a contract without modes; set single modes by its properties.</summary>
    public SchemaContract()
    {
    }

    /// <summary>Creates a contract with the same mode for everything.</summary>
    public SchemaContract(ContractMode mode)
    {
        Tables = Columns = DataType = mode;
        IsOneWord = true;
    }

    /// <summary>Mode for rows of a new table.</summary>
    public ContractMode? Tables { get; init; }

    /// <summary>Mode for values of a new column.</summary>
    public ContractMode? Columns { get; init; }

    /// <summary>Mode for values whose type differs from their column's.</summary>
    public ContractMode? DataType { get; init; }

    /// <summary>True when the stored form is one mode for everything, instead of an object.</summary>
    private bool IsOneWord { get; init; }

    /// <summary>Creates a contract with the same mode for everything.</summary>
    public static implicit operator SchemaContract(ContractMode mode) => new(mode);

    /// <summary>
    /// Parses one mode for everything, or an object with <c>tables</c>, <c>columns</c>, <c>data_type</c>; null when nothing is stored.
    /// </summary>
    /// <exception cref="SchemaException">A mode is unknown.</exception>
    internal static SchemaContract? Parse(JsonValue? stored) => stored switch
    {
        null or { Kind: JsonKind.Null } => null,
        { Kind: JsonKind.String } => new(Mode(stored)!.Value),
        { Kind: JsonKind.Object } when stored.Members.Names.All(n => n is "tables" or "columns" or "data_type") =>
            new() { Tables = Mode(stored["tables"]), Columns = Mode(stored["columns"]), DataType = Mode(stored["data_type"]) },
        _ => throw Unknown(stored),
    };

    /// <summary>Returns the stored form; null when the contract has no modes.</summary>
    internal JsonValue? ToJson()
    {
        if (IsOneWord && Tables == Columns && Columns == DataType && Tables is { } mode) return JsonValue.String(mode.Name());
        (string Name, ContractMode? Mode)[] modes = [("tables", Tables), ("columns", Columns), ("data_type", DataType)];
        var stored = modes.Where(m => m.Mode is not null).Select(m => (m.Name, JsonValue.String(m.Mode!.Value.Name()))).ToArray();
        return stored.Length == 0 ? null : JsonValue.Object(stored);
    }

    private static ContractMode? Mode(JsonValue? mode) => mode switch
    {
        null or { Kind: JsonKind.Null } => null,
        { Kind: not JsonKind.String } => throw Unknown(mode),
        _ => ContractModes.Parse(mode.AsString()) ?? throw Unknown(mode),
    };

    private static SchemaException Unknown(JsonValue contract) => new(
        $"{contract} is not a schema contract. Use evolve, freeze, discard_row or discard_value, or an object that gives one of them "
        + "to tables, columns or data_type.");
}
