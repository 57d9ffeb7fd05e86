using System.Globalization;

namespace Dlt.Destinations.Staging;

/// <summary>
/// Names of the data files that a job stages in the folder of an Iceberg table. They are derived from load and job, so a job that is staged
/// again overwrites its files, and any machine finds the staged files of a load. After the rows of a load were removed from the table its
/// files get other names: earlier snapshots refer to the first ones.
/// </summary>
internal static class StagedName
{
    /// <summary>Prefix of the names of a job's data files: <c>1700000000.5.f3a91c0b77</c>.</summary>
    public static string Of(LoadJob job) => $"{job.LoadId}.{job.FileId}";

    /// <summary>Prefix of the names of data files that are written now.</summary>
    /// <param name="job">The job.</param>
    /// <param name="removal">Id of the snapshot that removed the rows of the load last; null if none did.</param>
    public static string Of(LoadJob job, long? removal) =>
        removal is null ? Of(job) : string.Create(CultureInfo.InvariantCulture, $"{Of(job)}.{removal}");

    /// <summary>Name of the only data file of a job whose file is copied.</summary>
    public static string WholeFile(LoadJob job, long? removal) => Of(job, removal) + ".parquet";

    /// <summary>True when the name of a data file has one of the prefixes.</summary>
    /// <param name="location">Location of the data file.</param>
    /// <param name="beginnings">Prefixes, as <see cref="Of(LoadJob)"/> makes them.</param>
    public static bool IsIn(string location, IReadOnlySet<string> beginnings)
    {
        var name = location[(location.LastIndexOf('/') + 1)..];
        return beginnings.Any(b => name.Contains(b + '.', StringComparison.Ordinal) || name.Contains(b + '-', StringComparison.Ordinal));
    }
}
