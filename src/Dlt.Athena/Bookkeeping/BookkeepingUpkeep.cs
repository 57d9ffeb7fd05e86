using System.Globalization;
using Dlt.Iceberg;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Keeps the Iceberg bookkeeping tables small. Each load adds a file and a snapshot to them; restoring state reads all files, and every
/// commit writes all snapshots. The user's own tables are not touched.
/// </summary>
/// <param name="time">Clock that measures the age of snapshots.</param>
/// <param name="failures">Receives failures.</param>
internal sealed class BookkeepingUpkeep(TimeProvider time, UpkeepFailures failures)
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

    /// <summary>Compacts and expires where needed. The row is committed already, so a failure does not fail the load.</summary>
    /// <returns>The table after the upkeep.</returns>
    public async Task<Table> RunAsync(Table table, CancellationToken cancellationToken)
    {
        var outcome = $"The bookkeeping table '{table.Name}' keeps old files and snapshots, which makes loads slower";
        await failures.TryAsync(outcome, KeepAsync, cancellationToken).ConfigureAwait(false);
        return table;

        async Task KeepAsync()
        {
            if (FilesOf(table) >= MaxFiles)
                table = await table.CompactAsync(minInputFiles: 2, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (table.Metadata.Snapshots.Length <= MaxSnapshots) return;
            var oldest = time.GetUtcNow() - KeptAge;
            (table, _) = await table.ExpireSnapshotsAsync(oldest, KeptSnapshots, cancellationToken).ConfigureAwait(false);
        }
    }

    private static int FilesOf(Table table) =>
        table.Metadata.CurrentSnapshot?.Summary.GetValueOrDefault("total-data-files") is { } text
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : 0;
}
