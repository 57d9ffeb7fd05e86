using System.Collections.Concurrent;
using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// Warns about tables with files whose bounds are unsafe (<see cref="UnsafeFiles"/>). Each table is checked once, and a table with the
/// property <see cref="SafeBounds"/> never.
/// </summary>
internal sealed class UnsafeFilesWarning
{
    /// <summary>Name of the property of tables that a version with safe bounds created.</summary>
    public const string SafeBounds = "dlt.safe-bounds";

    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    /// <summary>Returns the warning about a table; null when there is none, or the table was checked before.</summary>
    /// <exception cref="IcebergException">A manifest is damaged or missing.</exception>
    public async Task<string?> OfAsync(Table table, CancellationToken cancellationToken)
    {
        if (table.Metadata.Properties.GetValueOrDefault(SafeBounds) == "true"
            || !table.Metadata.CurrentSchema.AllFields.Any(f => MayBeUnsafe(f.Field))) return null;
        if (!_seen.TryAdd(table.Name, true)) return null;
        if (await table.FindUnsafeFilesAsync(cancellationToken).ConfigureAwait(false) is not [var first, ..] found) return null;
        var count = found.DistinctBy(f => f.FilePath).Count();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Table '{table.Name}' has {count} file(s) of an older version with bounds that other engines misread, such as column "
            + $"'{first.Column}' of {first.FilePath} ({first.Fault}). The rows are correct, but a filter or a DELETE of Spark, Trino or "
            + $"Athena may lose some. Call CompactAsync on the table to rewrite these files (docs/iceberg.md, \"Tables of older "
            + $"versions\").");
    }

    private static bool MayBeUnsafe(NestedField field) =>
        field.Type is PrimitiveType { Kind: PrimitiveKind.Float or PrimitiveKind.Double or PrimitiveKind.Uuid }
            || field.Name == UnsafeFiles.StateColumn;
}
