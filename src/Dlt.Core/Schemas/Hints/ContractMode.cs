namespace Dlt;

/// <summary>What happens to data that would change the schema.</summary>
public enum ContractMode
{
    /// <summary>The schema changes.</summary>
    Evolve,
    /// <summary>The run fails, and nothing is loaded.</summary>
    Freeze,
    /// <summary>The row and the rows nested below it are dropped.</summary>
    DiscardRow,
    /// <summary>The value is dropped; of a new table all rows.</summary>
    DiscardValue,
}

/// <summary>The words that stand for contract modes in stored schemas.</summary>
internal static class ContractModes
{
    private static readonly string[] Names = ["evolve", "freeze", "discard_row", "discard_value"];

    /// <summary>The stored word, such as <c>discard_row</c>.</summary>
    public static string Name(this ContractMode mode) => Names[(int)mode];

    /// <summary>Reads a stored word; null when it is unknown.</summary>
    public static ContractMode? Parse(string name) => Array.IndexOf(Names, name) is >= 0 and var at ? (ContractMode)at : null;
}
