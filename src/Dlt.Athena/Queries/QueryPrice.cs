using System.Collections.Frozen;
using Dlt.Lake;

namespace Dlt.Destinations.Queries;

/// <summary>
/// Computes the cost of a query: each megabyte that it has scanned, and at least ten (Amazon Athena pricing). A terabyte has 2^40 bytes.
/// </summary>
/// <param name="PerTerabyte">US dollars for a terabyte; null when it is not known.</param>
internal sealed record QueryPrice(decimal? PerTerabyte)
{
    private const decimal MegabytesOfTerabyte = 1024 * 1024;
    private const int LeastMegabytes = 10;
    private const decimal Usual = 5;

    /// <summary>Prices of on-demand queries in regions of AWS. Regions that are not listed have no known price.</summary>
    public static FrozenDictionary<string, decimal> Regions { get; } = new Dictionary<string, decimal>
    {
        ["af-south-1"] = 6,
        ["ap-east-1"] = 5.5m,
        ["ap-northeast-1"] = Usual,
        ["ap-northeast-2"] = Usual,
        ["ap-northeast-3"] = 6,
        ["ap-south-1"] = Usual,
        ["ap-southeast-1"] = Usual,
        ["ap-southeast-2"] = 5.75m,
        ["ca-central-1"] = 5.5m,
        ["eu-central-1"] = Usual,
        ["eu-north-1"] = Usual,
        ["eu-south-1"] = 5.25m,
        ["eu-west-1"] = Usual,
        ["eu-west-2"] = Usual,
        ["eu-west-3"] = 7,
        ["me-south-1"] = 6.5m,
        ["sa-east-1"] = 9,
        ["us-east-1"] = Usual,
        ["us-east-2"] = Usual,
        ["us-west-1"] = 6.75m,
        ["us-west-2"] = Usual,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The price of a region; unknown for one that is not listed, and for no region.</summary>
    public static QueryPrice Of(string? region) =>
        new(region is not null && Regions.TryGetValue(region, out var price) ? price : null);

    /// <summary>US dollars for a query; null when the price or the bytes are not known.</summary>
    public decimal? Of(QueryStatistics query)
    {
        if (!query.IsBilled) return 0;
        if (query.BytesScanned is not { } bytes || PerTerabyte is not { } price) return null;
        var megabytes = Math.Max(LeastMegabytes, Math.Ceiling(bytes / MegabytesOfTerabyte));
        return megabytes / MegabytesOfTerabyte * price;
    }
}
