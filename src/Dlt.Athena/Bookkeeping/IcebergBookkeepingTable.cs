using Dlt.Destinations.Publishing;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// A bookkeeping table in Iceberg format, with one commit per write. A repeated row is found in the summary of its snapshot and, if that
/// has expired, among the rows.
/// </summary>
internal sealed class IcebergBookkeepingTable(GlueCatalog catalog, IcebergTables tables, string database, string name) : IBookkeepingTable
{
    private const string RowProperty = "dlt.row";
    private const int MaxAttempts = 10;

    public BookkeepingCache Cache { get; init; } = new();

    /// <summary>The table's definition in Glue; null to look it up.</summary>
    public GlueTable? Stored { get; init; }

    public async Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken)
    {
        if (Stored?.Definition.Parameters?.GetValueOrDefault("metadata_location") is { } location
            && Cache.Of(name, location) is { } known) return known;
        return await OpenAsync(cancellationToken).ConfigureAwait(false) is { } table
            ? await RowsAsync(table, cancellationToken).ConfigureAwait(false) : [];
    }

    public async Task<bool> ContainsAsync(
        string identity, Func<Dictionary<string, object?>, bool> isSame, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).Any(isSame);

    /// <summary>Deletes the rows with this text. Rows that other pipelines add in the meantime stay.</summary>
    public async Task RemoveAsync(
        (string Column, string Text) removed, (string Column, string Text) kept, CancellationToken cancellationToken)
    {
        var filter = Filter.And(Filter.Equal(removed.Column, removed.Text), Filter.NotEqual(kept.Column, kept.Text));
        var table = await OpenAsync(cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; table is not null; attempt++)
        {
            if (!(await RowsAsync(table, cancellationToken).ConfigureAwait(false))
                .Any(r => r.GetValueOrDefault(removed.Column) as string == removed.Text
                    && r.GetValueOrDefault(kept.Column) as string != kept.Text)) return;
            try
            {
                var transaction = await table.NewTransaction().Patiently()
                    .DeleteAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict && attempt < MaxAttempts)
            {
                // Another pipeline has added rows with that text.
                table = await catalog.TryLoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public async Task AppendOnceAsync(TableSchema table, IReadOnlyList<BookkeepingEntry> entries, CancellationToken cancellationToken)
    {
        var (stored, _) = await tables.MigrateAsync(table, await OpenAsync(cancellationToken).ConfigureAwait(false), cancellationToken)
            .ConfigureAwait(false);
        var loadId = entries[0].LoadId;
        var key = $"{loadId}.{BookkeepingRow.FileIdOf(entries[0].Identity)}";
        if (stored.Metadata.Snapshots.Any(s => s.Summary.TryGetValue(RowProperty, out var known) && known == key)) return;
        var rows = await RowsAsync(stored, cancellationToken).ConfigureAwait(false);
        var missing = entries.Where(e => !rows.Any(r => IsSame(r, e.Row))).ToList();
        if (missing.Count == 0) return;
        var writer = new DataFileWriter(stored);
        await using (writer.ConfigureAwait(false))
        {
            var added = missing.ConvertAll(e => stored.Metadata.CurrentSchema.Fields.Select(f => ValueOf(f, e.Row)).ToArray());
            foreach (var values in added) await writer.AddAsync(values, cancellationToken).ConfigureAwait(false);
            var files = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            var (basis, committed) = await CommitAsync(stored, files, loadId, key, cancellationToken).ConfigureAwait(false);
            var kept = await BookkeepingUpkeep.RunAsync(committed, catalog.Time, cancellationToken).ConfigureAwait(false);
            if (ReferenceEquals(basis, stored) && IsNext(stored, committed)
                && (ReferenceEquals(kept, committed) || IsRewritten(committed, kept)))
            {
                var named = added.Select(v => Named(stored.Metadata.CurrentSchema, v));
                Cache.Set(name, kept.MetadataLocation, [.. rows, .. named]);
            }
        }
    }

    /// <summary>Commits new files. Appends of many pipelines do not contradict each other, so a conflict is retried.</summary>
    private async Task<(IcebergTable Basis, IcebergTable Committed)> CommitAsync(
        IcebergTable basis, IReadOnlyList<DataFile> files, string loadId, string key, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var transaction = basis.NewTransaction().Patiently();
                transaction.SummaryProperties[StepRecord.LoadId] = loadId;
                transaction.SummaryProperties[RowProperty] = key;
                return (basis, await transaction.Append(files).CommitAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict && attempt < MaxAttempts)
            {
                basis = await catalog.LoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<IcebergTable?> OpenAsync(CancellationToken cancellationToken) => Stored is not null
        ? await catalog.LoadTableAsync(database, Stored, cancellationToken).ConfigureAwait(false)
        : await catalog.TryLoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyList<Dictionary<string, object?>>> RowsAsync(IcebergTable table, CancellationToken cancellationToken)
    {
        if (Cache.Of(name, table.MetadataLocation) is { } known) return known;
        var rows = new List<Dictionary<string, object?>>();
        var scan = table.Scan();
        var reader = new ScanReader(scan, new ParquetDataFileReader());
        await foreach (var batch in reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            foreach (var row in batch) rows.Add(Named(scan.Schema, row));
        Cache.Set(name, table.MetadataLocation, rows);
        return rows;
    }

    /// <summary>True when no other commit is between the two versions.</summary>
    private static bool IsNext(IcebergTable before, IcebergTable after) =>
        after.Metadata.CurrentSnapshot?.ParentSnapshotId == before.Metadata.CurrentSnapshot?.SnapshotId;

    /// <summary>True when the later table has the rows of the earlier one.</summary>
    private static bool IsRewritten(IcebergTable before, IcebergTable after) =>
        after.Metadata.CurrentSnapshot is { } now
            && (now.SnapshotId == before.Metadata.CurrentSnapshot!.SnapshotId || (now.Operation == "replace" && IsNext(before, after)));

    /// <summary>True when all values except times are equal.</summary>
    private static bool IsSame(Dictionary<string, object?> stored, IReadOnlyList<(string Column, DataValue Value)> row) =>
        row.Where(v => v.Value.Type != DataType.Timestamp).All(v => Equals(stored.GetValueOrDefault(v.Column), Plain(v.Value)));

    private static object? ValueOf(NestedField field, IReadOnlyList<(string Column, DataValue Value)> row) =>
        row.FirstOrDefault(v => v.Column.Equals(field.Name, StringComparison.OrdinalIgnoreCase)) is { Column: not null } given
            ? Plain(given.Value) : null;

    private static Dictionary<string, object?> Named(Dlt.Iceberg.Schema schema, object?[] row) =>
        schema.Fields.Select((f, i) => (f.Name, Value: Value((PrimitiveType)f.Type, row[i])))
            .ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal);

    private static object Plain(DataValue value) => value.Type switch
    {
        DataType.Bigint => (long)value.AsInteger,
        DataType.Timestamp => value.AsTimestamp.UtcMicros,
        _ => value.AsText,
    };

    /// <summary>The value as <see cref="SmallTableReader"/> returns it: integers are long, times DateTime in UTC.</summary>
    private static object? Value(PrimitiveType type, object? value) => value switch
    {
        int number => (long)number,
        long micros when type.Kind is PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz =>
            DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond),
        _ => value,
    };
}
