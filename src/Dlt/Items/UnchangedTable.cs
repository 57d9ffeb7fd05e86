namespace Dlt.Items;

/// <summary>
/// An item that says that the data of its resource has not changed: its tables stay as they are, whatever the disposition.
/// </summary>
internal sealed class UnchangedTable
{
    private UnchangedTable()
    {
    }

    /// <summary>The only instance.</summary>
    public static UnchangedTable Instance { get; } = new();
}
