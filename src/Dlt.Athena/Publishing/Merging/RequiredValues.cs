using Dlt.Destinations.Tables;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Refuses rows without the value of a required column before the first table of the chain is committed: another program may have made the
/// column required.
/// </summary>
internal static class RequiredValues
{
    /// <summary>Checks the staged rows of a table that are added.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isDeletion">True for rows that may be deletions, which are not added.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <exception cref="SchemaException">A row has no value. Nothing of the chain was changed.</exception>
    public static async Task CheckAsync(MergeTable table, Func<int, bool> isDeletion, CancellationToken cancellationToken)
    {
        var required = table.Stored.Metadata.CurrentSchema.Fields.Where(f => f.IsRequired
            && table.Rows.Files.Any(file => file.NullValueCounts?.GetValueOrDefault(f.Id) is > 0)).ToList();
        if (required.Count == 0) return;
        await foreach (var (first, batch) in table.Rows.ReadAsync(required, cancellationToken).ConfigureAwait(false))
        {
            for (var i = 0; i < batch.Rows; i++)
            {
                if (table.Rows.IsDropped(first + i) || isDeletion(first + i)) continue;
                if (required.Find(f => batch.ValueOf(f, i) is null) is { } field)
                    throw IcebergTableCheck.NoValue(table.Declared, table.Stored, field, "at least one row");
            }
        }
    }
}
