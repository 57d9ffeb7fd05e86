namespace Dlt;

/// <summary>Effect of data that would change the schema.</summary>
public enum ContractMode
{
    /// <summary>The schema changes.</summary>
    Evolve,
    /// <summary>The run fails and nothing is loaded.</summary>
    Freeze,
    /// <summary>The row is dropped together with the rows nested below it.</summary>
    DiscardRow,
    /// <summary>The value is dropped. For a new table, all its rows are dropped.</summary>
    DiscardValue,
}

/// <summary>Converts contract modes to their names in stored schemas, and back.</summary>
internal static class ContractModes
{
    private static readonly string[] Names = ["evolve", "freeze", "discard_row", "discard_value"];

    /// <summary>Returns the name in stored schemas, such as <c>discard_row</c>.</summary>
    public static string Name(this ContractMode mode) => Names[(int)mode];

    /// <summary>Parses a name of stored schemas; null when it is unknown.</summary>
    public static ContractMode? Parse(string name) => Array.IndexOf(Names, name) is >= 0 and var at ? (ContractMode)at : null;
}
