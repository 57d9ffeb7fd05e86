using System.Globalization;

namespace Dlt;

/// <summary>
/// Two steps of a load counted different numbers of rows for one table. The load is not marked as complete, and its package stays pending.
/// </summary>
public sealed class RowCountException : DltException
{
    internal RowCountException(string table, string loadId, long? extracted, long? normalized, long? committed, string state)
        : base(Describe(table, loadId, extracted, normalized, committed, state))
    {
        Table = table;
        LoadId = loadId;
        Extracted = extracted;
        Normalized = normalized;
        Committed = committed;
    }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>The package.</summary>
    public string LoadId { get; }

    /// <summary>Items that extract wrote; null for nested tables and for files that are read in place.</summary>
    public long? Extracted { get; }

    /// <summary>
    /// Rows that normalise made of them, with the items that it rejected, or that contracts and filters dropped; null where it did not
    /// count.
    /// </summary>
    public long? Normalized { get; }

    /// <summary>Rows that the destination took over; null before the load.</summary>
    public long? Committed { get; }

    private static string Describe(string table, string loadId, long? extracted, long? normalized, long? committed, string state) =>
        $"The rows of table '{table}' do not agree in package {loadId}: extract counted {Text(extracted)}, normalise "
        + $"{Text(normalized)}, commit {Text(committed)}. {state} "
        + "This is a fault of dlt: please report it with the source's kind of data.";

    private static string Text(long? rows) => rows is { } known ? known.ToString(CultureInfo.InvariantCulture) : "nothing yet";
}
