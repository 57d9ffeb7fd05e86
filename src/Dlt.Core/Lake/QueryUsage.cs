using System.Globalization;

namespace Dlt.Lake;

/// <summary>The queries that a run or a call has started, and their estimated cost.</summary>
/// <param name="Queries">Number of queries that were started, each attempt of a repeated one.</param>
/// <param name="BytesScanned">Bytes of tables that they have read, as far as the engine counts them.</param>
/// <param name="EstimatedCost">US dollars, from the bytes and the price of a terabyte; null when no price is known.</param>
public sealed record QueryUsage(int Queries, long BytesScanned, decimal? EstimatedCost)
{
    private static readonly string[] Units = ["bytes", "KB", "MB", "GB", "TB", "PB"];

    /// <summary>No queries.</summary>
    public static QueryUsage None { get; } = new(0, 0, 0);

    /// <summary>The usage of several datasets together. The cost is null when one of them is unknown.</summary>
    public static QueryUsage Sum(IEnumerable<QueryUsage> parts) => parts.Aggregate(
        None, (all, one) => new(all.Queries + one.Queries, all.BytesScanned + one.BytesScanned, all.EstimatedCost + one.EstimatedCost));

    /// <summary>Text for people: <c>3 queries, 1.5 GB scanned, about $0.0075</c>. One kilobyte is 1,024 bytes.</summary>
    public override string ToString()
    {
        var cost = EstimatedCost is { } dollars ? string.Create(CultureInfo.InvariantCulture, $", about ${dollars:0.00####}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Queries} {(Queries == 1 ? "query" : "queries")}, {Size()} scanned{cost}");
    }

    private string Size()
    {
        var (size, unit) = ((double)BytesScanned, 0);
        for (; size >= 1024 && unit < Units.Length - 1; unit++) size /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {Units[unit]}");
    }
}
