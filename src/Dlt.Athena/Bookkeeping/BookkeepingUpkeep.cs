using System.Globalization;
using Dlt.Iceberg;

namespace Dlt.Destinations.Iceberg;

/// <summary>
/// Keeps the pipelines' own Iceberg tables small, which get a file and a snapshot a load: restoring state reads all files, and every commit
/// writes all snapshots. Tables of data are their owner's to keep.
/// </summary>
internal static class BookkeepingUpkeep
{
    /// <summary>So many files are joined to one.</summary>
    public const int MaxFiles = 100;

    /// <summary>From so many snapshots on, old ones are removed.</summary>
    public const int MaxSnapshots = 200;

    /// <summary>
    /// So many stay, and all younger than <see cref="KeptAge"/>: by them, a load that is repeated finds the rows that it wrote.
    /// </summary>
    public const int KeptSnapshots = 100;

    public static readonly TimeSpan KeptAge = TimeSpan.FromDays(1);

    /// <summary>The row is committed, so a failure here is none of the load's: the next one tries again.</summary>
    /// <returns>The table as it is then.</returns>
    public static async Task<Table> RunAsync(Table table, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if (FilesOf(table) >= MaxFiles) table = await table.CompactAsync(minInputFiles: 2, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            if (table.Metadata.Snapshots.Length > MaxSnapshots) (table, _) =
                await table.ExpireSnapshotsAsync(time.GetUtcNow() - KeptAge, KeptSnapshots, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (IsPassing(error, cancellationToken))
        {
            // Another pipeline changed the table, or the store does not answer.
        }

        return table;
    }

    /// <summary>What stores and catalogs throw; the request of the caller to stop is not among it.</summary>
    private static bool IsPassing(Exception error, CancellationToken cancellationToken) =>
        error is DltException or IOException or UnauthorizedAccessException or HttpRequestException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static int FilesOf(Table table) =>
        table.Metadata.CurrentSnapshot?.Summary.GetValueOrDefault("total-data-files") is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : 0;
}
