using System.Globalization;
using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Appends rows to a small Iceberg bookkeeping table by writing its rows again, into one file with the new ones, in the same commit. So a
/// later run reads one or two files, however many loads there were.
/// </summary>
internal static class SmallTableRewrite
{
    /// <summary>Number of data files from which they are written again.</summary>
    private const int MinFiles = 2;

    /// <summary>Bytes of data files up to which they are written again. <see cref="BookkeepingUpkeep"/> compacts larger tables.</summary>
    private const long MaxBytes = 1 << 20;

    /// <summary>Appends rows, if the table is small and nobody changes it at the same time.</summary>
    /// <param name="stored">The table.</param>
    /// <param name="rows">All its rows, by column name.</param>
    /// <param name="added">The new rows.</param>
    /// <param name="summary">Entries that the summary of the snapshot gets.</param>
    /// <param name="cancellationToken">Stops; the commit may or may not have been made.</param>
    /// <returns>The table after the commit; null when nothing was committed.</returns>
    public static async Task<IcebergTable?> TryAppendAsync(
        IcebergTable stored, IReadOnlyList<Dictionary<string, object?>> rows, IReadOnlyList<object?[]> added,
        IReadOnlyDictionary<string, string> summary, CancellationToken cancellationToken)
    {
        if (!IsDue(stored)) return null;
        var fields = stored.Metadata.CurrentSchema.Fields;
        var old = rows.Select(r => fields.Select(f => Raw((PrimitiveType)f.Type, r.GetValueOrDefault(f.Name))).ToArray());
        var files = await WriteAsync(stored, [.. old, .. added], cancellationToken).ConfigureAwait(false);
        try
        {
            var transaction = stored.NewTransaction().Patiently();
            var rewrite = new OverwriteAction
            {
                Branch = transaction.Branch,
                Properties = summary,
                Added = files,
                Removes = (metadata, _) => IsUnchanged(metadata),
                RemovesAllDeletes = IsUnchanged,
            };
            return await transaction.Add(rewrite).CommitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IcebergException error) when (error.Error == IcebergError.Conflict)
        {
            await stored.Files.DeleteAsync([.. files.Select(f => f.FilePath)], cancellationToken).ConfigureAwait(false);
            return null;
        }

        // The rows are those of one snapshot. Rows that another pipeline has added since must not go.
        bool IsUnchanged(TableMetadata metadata) => metadata.CurrentSnapshot?.SnapshotId == stored.Metadata.CurrentSnapshot!.SnapshotId
            ? true
            : throw new IcebergException(IcebergError.Conflict, $"Another pipeline changed '{stored.Name}'. Nothing was committed.");
    }

    /// <summary>Writes rows as data files of a table.</summary>
    public static async Task<IReadOnlyList<DataFile>> WriteAsync(
        IcebergTable stored, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        var writer = new DataFileWriter(stored);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var row in rows) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
            return await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsDue(IcebergTable stored) =>
        Total(stored, "total-data-files") is >= MinFiles && Total(stored, "total-files-size") is <= MaxBytes
            && stored.Metadata.CurrentSchema.Fields.All(f => f.Type is PrimitiveType
            {
                Kind: PrimitiveKind.String or PrimitiveKind.Int or PrimitiveKind.Long
                    or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz
            });

    private static long? Total(IcebergTable stored, string name) =>
        stored.Metadata.CurrentSnapshot?.Summary.GetValueOrDefault(name) is { } text
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The value as a data file has it, from the form in which bookkeeping rows are read.</summary>
    private static object? Raw(PrimitiveType type, object? value) => value switch
    {
        DateTime time => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        long number when type.Kind == PrimitiveKind.Int => (int)number,
        _ => value,
    };
}
