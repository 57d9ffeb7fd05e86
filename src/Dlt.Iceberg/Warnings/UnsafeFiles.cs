namespace Dlt.Iceberg;

/// <summary>Faults of the bounds that a manifest contains for a column.</summary>
public enum UnsafeBounds
{
    /// <summary>
    /// A float or double column has bounds but no count of its NaN values. A DELETE of Spark whose filter covers the bounds drops the whole
    /// file with its NaN rows.
    /// </summary>
    NansAreNotCounted,

    /// <summary>The bounds of a uuid column are reversed in the order of Java. Engines with that order find no row of the file.</summary>
    OrderOfUuids,

    /// <summary>
    /// The bounds of a timestamp column are milliseconds, but engines read them as microseconds. A filter by time finds no row of the file.
    /// </summary>
    Milliseconds,
}

/// <summary>Live data file with a column whose bounds make other engines lose rows.</summary>
/// <param name="FilePath">Location of the data file.</param>
/// <param name="Column">Full name of the column with unsafe bounds.</param>
/// <param name="Fault">The fault of the bounds.</param>
public sealed record UnsafeFile(string FilePath, string Column, UnsafeBounds Fault);

/// <summary>
/// Finds data files that older versions of this library wrote with bounds that other engines misread. The rows are correct, and
/// <see cref="TableMaintenance.CompactAsync"/> rewrites such files with safe bounds.
/// </summary>
public static class UnsafeFiles
{
    private const string StateTable = "_dlt_pipeline_state";
    internal const string StateColumn = "created_at";
    private const long FirstMillis = 946_684_800_000;   // the year 2000
    private const long LastMillis = 4_102_444_800_000;  // the year 2100

    /// <summary>
    /// Returns the unsafe data files of the current snapshot, one entry per unsafe column. It reads manifests but no data files. Files that
    /// another engine wrote are left out.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="IcebergException">A manifest is damaged or missing.</exception>
    public static async Task<IReadOnlyList<UnsafeFile>> FindUnsafeFilesAsync(
        this Table table, CancellationToken cancellationToken = default)
    {
        if (table.Metadata.CurrentSnapshot is not { } snapshot) return [];
        var reader = new SnapshotReader(table.Files, table.Metadata);
        var manifests = await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false);
        var entries = await reader.LiveEntriesAsync(manifests.Where(m => !m.IsDeletes), cancellationToken).ConfigureAwait(false);
        return [.. entries.SelectMany(e => Of(table, e))];
    }

    /// <summary>Returns an entry for each unsafe column of a data file.</summary>
    internal static IEnumerable<UnsafeFile> Of(Table table, ManifestEntry entry)
    {
        if (IsOfOtherEngine(table.Metadata, entry)) yield break;
        foreach (var (field, name) in table.Metadata.CurrentSchema.AllFields)
        {
            if (field.Type is not PrimitiveType type || FaultOf(table, entry.File, field, type) is not { } fault) continue;
            yield return new(entry.File.FilePath, name, fault);
        }
    }

    /// <summary>Returns whether the snapshot that added the file still exists and names another engine.</summary>
    private static bool IsOfOtherEngine(TableMetadata metadata, ManifestEntry entry) =>
        metadata.Find(entry.SnapshotId) is { } snapshot && snapshot.Summary.GetValueOrDefault("engine-name") != "dlt-dotnet";

    private static UnsafeBounds? FaultOf(Table table, DataFile file, NestedField field, PrimitiveType type)
    {
        var lower = file.LowerBounds?.GetValueOrDefault(field.Id);
        var upper = file.UpperBounds?.GetValueOrDefault(field.Id);
        if (lower is null && upper is null) return null;
        switch (type.Kind)
        {
            case PrimitiveKind.Float or PrimitiveKind.Double when file.NanValueCounts?.ContainsKey(field.Id) != true:
                return UnsafeBounds.NansAreNotCounted;
            case PrimitiveKind.Uuid when UuidSummaries.AreMisread(type, lower, upper):
                return UnsafeBounds.OrderOfUuids;
            case PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz
                when field.Name == StateColumn && table.Identifier?.Name == StateTable:
                var isMilliseconds = lower is not null && SingleValue.TryDecode(type, lower, out var value)
                    && value is >= FirstMillis and < LastMillis;
                return isMilliseconds ? UnsafeBounds.Milliseconds : null;
            default:
                return null;
        }
    }
}
