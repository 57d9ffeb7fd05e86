namespace Dlt.Destinations.Staging;

/// <summary>
/// Names of the data files that a job stages in the folder of an Iceberg table. They follow from load and job, so that a job that is staged
/// again writes over itself, and any machine finds what a load has staged.
/// </summary>
internal static class StagedName
{
    /// <summary>What the names of a job's data files begin with: <c>1700000000.5.f3a91c0b77</c>.</summary>
    public static string Of(LoadJob job) => $"{job.LoadId}.{job.FileId}";

    /// <summary>The one data file of a job whose file is taken as it is.</summary>
    public static string WholeFile(LoadJob job) => Of(job) + ".parquet";

    /// <summary>True when a data file has the name that jobs of that beginning give.</summary>
    /// <param name="location">Where the data file is.</param>
    /// <param name="beginnings">Beginnings of names, as <see cref="Of"/> makes them.</param>
    public static bool IsIn(string location, IReadOnlySet<string> beginnings)
    {
        var name = location[(location.LastIndexOf('/') + 1)..];
        return beginnings.Any(b => name.Contains(b + '.', StringComparison.Ordinal) || name.Contains(b + '-', StringComparison.Ordinal));
    }
}
