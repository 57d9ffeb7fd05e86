using Dlt.Lake;

namespace Dlt.Destinations;

/// <summary>A client that counts the queries which its calls start.</summary>
public interface IQueryMeter
{
    /// <summary>The queries since the client was opened.</summary>
    QueryUsage Usage { get; }
}
