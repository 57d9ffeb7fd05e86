using System.Globalization;
using Dlt.Iceberg;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Keeps the Iceberg bookkeeping tables small. Each load adds a file and a snapshot to them; restoring state reads all files, and every
/// commit writes all snapshots. The user's own tables are not touched.
/// </summary>
internal static class BookkeepingUpkeep
{
    /// <summary>Number of data files from which they are compacted into one.</summary>
    public const int MaxFiles = 100;

    /// <summary>Number of snapshots above which old ones expire.</summary>
    public const int MaxSnapshots = 200;

    /// <summary>
    /// Number of snapshots that stay, in addition to all younger than <see cref="KeptAge"/>. A repeated load finds in them the rows that it
    /// wrote.
    /// </summary>
    public const int KeptSnapshots = 100;

    /// <summary>Age up to which snapshots stay.</summary>
    public static readonly TimeSpan KeptAge = TimeSpan.FromDays(1);

    /// <summary>
    /// Compacts and expires where needed. The row is committed already, so a failure does not fail the load: the next load tries again.
    /// </summary>
    /// <returns>The table after the upkeep.</returns>
    public static async Task<Table> RunAsync(Table table, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            if (FilesOf(table) >= MaxFiles)
                table = await table.CompactAsync(minInputFiles: 2, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (table.Metadata.Snapshots.Length > MaxSnapshots)
            {
                var oldest = time.GetUtcNow() - KeptAge;
                (table, _) = await table.ExpireSnapshotsAsync(oldest, KeptSnapshots, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (IsPassing(error, cancellationToken))
        {
            // Another pipeline changed the table, or the store did not answer.
        }

        return table;
    }

    /// <summary>True for errors of stores and catalogs; false when the caller has cancelled.</summary>
    public static bool IsPassing(Exception error, CancellationToken cancellationToken) =>
        error is DltException or IOException or UnauthorizedAccessException or HttpRequestException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static int FilesOf(Table table) =>
        table.Metadata.CurrentSnapshot?.Summary.GetValueOrDefault("total-data-files") is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : 0;
}
