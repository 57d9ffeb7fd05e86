namespace Dlt.Iceberg;

/// <summary>What is wrong with the bounds that a manifest gives for a column.</summary>
public enum UnsafeBounds
{
    /// <summary>
    /// A float or double has bounds, and nobody has counted its NaNs: a DELETE of Spark whose filter covers the bounds drops the NaN
    /// rows with the file.
    /// </summary>
    NansAreNotCounted,

    /// <summary>The bounds of a uuid are the wrong way round in the order of Java: engines of that order find no row of the file.</summary>
    OrderOfUuids,

    /// <summary>
    /// The bounds of a timestamp are milliseconds, which engines take for microseconds: a filter by time finds no row of the file.
    /// </summary>
    Milliseconds,
}

/// <summary>A live data file whose rows other engines may lose.</summary>
/// <param name="FilePath">Its location.</param>
/// <param name="Column">Full name of the column.</param>
/// <param name="Fault">What is wrong.</param>
public sealed record UnsafeFile(string FilePath, string Column, UnsafeBounds Fault);

/// <summary>
/// Finds files of older versions of this library whose bounds other engines misread. The rows are right;
/// <see cref="TableMaintenance.CompactAsync"/> writes such files again with safe bounds.
/// </summary>
public static class UnsafeFiles
{
    private const string StateTable = "_dlt_pipeline_state";
    internal const string StateColumn = "created_at";
    private const long FirstMillis = 946_684_800_000;   // the year 2000
    private const long LastMillis = 4_102_444_800_000;  // the year 2100

    /// <summary>
    /// The files of the current snapshot that are unsafe, with the columns that make them so. Reads the manifests, no data file. Files
    /// that another engine is known to have written are left to it.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellationToken">Stops reading.</param>
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

    /// <summary>The columns of a file that are unsafe.</summary>
    internal static IEnumerable<UnsafeFile> Of(Table table, ManifestEntry entry)
    {
        if (IsOfOthers(table.Metadata, entry)) yield break;
        foreach (var (field, name) in table.Metadata.CurrentSchema.AllFields)
        {
            if (field.Type is not PrimitiveType type || FaultOf(table, entry.File, field, type) is not { } fault) continue;
            yield return new(entry.File.FilePath, name, fault);
        }
    }

    /// <summary>True when the snapshot that added the file is there still, and names another engine.</summary>
    private static bool IsOfOthers(TableMetadata metadata, ManifestEntry entry) =>
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
            case PrimitiveKind.Uuid when UuidSummaries.AreMisread(type, lower, upper): return UnsafeBounds.OrderOfUuids;
            case PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz when field.Name == StateColumn
                && table.Identifier?.Name == StateTable:
                return lower is not null && SingleValue.TryDecode(type, lower, out var value)
                    && value is >= FirstMillis and < LastMillis ? UnsafeBounds.Milliseconds : null;
            default: return null;
        }
    }
}
