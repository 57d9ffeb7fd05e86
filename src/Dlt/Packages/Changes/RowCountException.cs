using System.Globalization;

namespace Dlt;

/// <summary>
/// Thrown when two steps of a load counted different numbers of rows for a table. The load is not committed, and its package stays pending.
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

    /// <summary>Name of the table.</summary>
    public string Table { get; }

    /// <summary>Load id of the package.</summary>
    public string LoadId { get; }

    /// <summary>Number of items that extract wrote; null for nested tables and for files that are read in place.</summary>
    public long? Extracted { get; }

    /// <summary>
    /// Number of rows that normalise wrote, plus the items that it rejected or that contracts and filters dropped; null when it did not
    /// count.
    /// </summary>
    public long? Normalized { get; }

    /// <summary>Number of rows that the destination published; null before the load.</summary>
    public long? Committed { get; }

    private static string Describe(string table, string loadId, long? extracted, long? normalized, long? committed, string state) =>
        $"The rows of table '{table}' do not agree in package {loadId}: extract counted {Text(extracted)}, normalise "
        + $"{Text(normalized)}, commit {Text(committed)}. {state} "
        + "This is a bug in dlt: please report it with the source's kind of data.";

    private static string Text(long? rows) => rows is { } known ? known.ToString(CultureInfo.InvariantCulture) : "nothing yet";
}
