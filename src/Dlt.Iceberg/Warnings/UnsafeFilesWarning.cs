using System.Collections.Concurrent;
using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// The warning of tables that hold files with unsafe bounds (<see cref="UnsafeFiles"/>). A table is looked at once; one that says that its
/// bounds are safe, never.
/// </summary>
internal sealed class UnsafeFilesWarning
{
    /// <summary>Property of tables that were made by a version whose bounds are safe.</summary>
    public const string SafeBounds = "dlt.safe-bounds";

    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    /// <summary>Null when there is nothing to be said, or it was said before.</summary>
    /// <exception cref="IcebergException">A manifest is damaged or missing.</exception>
    public async Task<string?> OfAsync(Table table, CancellationToken cancellationToken)
    {
        if (table.Metadata.Properties.GetValueOrDefault(SafeBounds) == "true"
            || !table.Metadata.CurrentSchema.AllFields.Any(f => MayBeUnsafe(f.Field))) return null;
        if (!_seen.TryAdd(table.Name, true)) return null;
        if (await table.FindUnsafeFilesAsync(cancellationToken).ConfigureAwait(false) is not [var first, ..] found) return null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Table '{table.Name}' has {found.DistinctBy(f => f.FilePath).Count()} file(s) of an older version with bounds that other "
                + $"engines misread, such as column '{first.Column}' of {first.FilePath} ({first.Fault}). ")
            + "The rows are right, but a filter or a DELETE of Spark, Trino or Athena may lose some. Call CompactAsync on the table, which "
            + "writes these files again (docs/iceberg.md, \"Tables of older versions\").";
    }

    private static bool MayBeUnsafe(NestedField field) =>
        field.Type is PrimitiveType { Kind: PrimitiveKind.Float or PrimitiveKind.Double or PrimitiveKind.Uuid }
            || field.Name == UnsafeFiles.StateColumn;
}
