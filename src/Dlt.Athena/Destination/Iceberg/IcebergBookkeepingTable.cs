using Dlt.Destinations.Bookkeeping;
using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Destinations.Iceberg;

/// <summary>A bookkeeping table as an Iceberg table: one commit a row, found again by the row's identity in the snapshot's summary.</summary>
internal sealed class IcebergBookkeepingTable(GlueCatalog catalog, IcebergTables tables, string database, string name) : IBookkeepingTable
{
    private const string RowProperty = "dlt.row";

    public async Task<List<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<Dictionary<string, object?>>();
        if (await catalog.TryLoadTableAsync(database, name, cancellationToken).ConfigureAwait(false) is not { } table) return rows;
        var scan = table.Scan();
        await foreach (var batch in new ScanReader(scan.Files, scan.Metadata, new ParquetDataFileReader()).ReadAsync(scan, cancellationToken).ConfigureAwait(false))
            foreach (var row in batch) rows.Add(scan.Schema.Fields.Select((f, i) => (f.Name, Value: Value((PrimitiveType)f.Type, row[i]))).ToDictionary(v => v.Name, v => v.Value, StringComparer.Ordinal));
        return rows;
    }

    public async Task<bool> ContainsAsync(string identity, Func<Dictionary<string, object?>, bool> isSame, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).Any(isSame);

    public async Task RemoveAsync(string column, string value, CancellationToken cancellationToken)
    {
        if (await catalog.TryLoadTableAsync(database, name, cancellationToken).ConfigureAwait(false) is not { } table) return;
        var scan = table.Scan();
        var at = scan.Schema.Fields.Select((f, i) => (f, i)).First(f => f.f.Name == column).i;
        var writer = new DataFileWriter(table);
        await using (writer.ConfigureAwait(false))
        {
            var removed = 0;
            await foreach (var batch in new ScanReader(scan.Files, scan.Metadata, new ParquetDataFileReader()).ReadAsync(scan, cancellationToken).ConfigureAwait(false))
            {
                foreach (var row in batch)
                {
                    if (row[at] as string == value) removed++;
                    else await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
                }
            }

            if (removed > 0) await table.NewTransaction().ReplaceAll(await writer.CompleteAsync(cancellationToken).ConfigureAwait(false)).CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task AppendOnceAsync(TableSchema table, string loadId, string identity, IReadOnlyList<(string Column, DataValue Value)> row, CancellationToken cancellationToken)
    {
        await tables.MigrateAsync(table, cancellationToken).ConfigureAwait(false);
        var stored = await catalog.LoadTableAsync(database, name, cancellationToken).ConfigureAwait(false);
        var key = $"{loadId}.{BookkeepingRow.FileIdOf(identity)}";
        if (stored.Metadata.Snapshots.Any(s => s.Summary.TryGetValue(RowProperty, out var known) && known == key)) return;
        var writer = new DataFileWriter(stored);
        await using (writer.ConfigureAwait(false))
        {
            await writer.AddAsync([.. stored.Metadata.CurrentSchema.Fields.Select(f => row.FirstOrDefault(v => v.Column.Equals(f.Name, StringComparison.OrdinalIgnoreCase)) is { Column: not null } given ? Plain(given.Value) : null)], cancellationToken).ConfigureAwait(false);
            var transaction = stored.NewTransaction();
            transaction.SummaryProperties[IcebergTables.LoadIdProperty] = loadId;
            transaction.SummaryProperties[RowProperty] = key;
            var committed = await transaction.Append(await writer.CompleteAsync(cancellationToken).ConfigureAwait(false)).CommitAsync(cancellationToken).ConfigureAwait(false);
            await BookkeepingUpkeep.RunAsync(committed, catalog.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static object Plain(DataValue value) => value.Type switch
    {
        DataType.Bigint => (long)value.AsInteger,
        DataType.Timestamp => value.AsTimestamp.UtcMicros,
        _ => value.AsText,
    };

    /// <summary>As small tables are read everywhere: integers are long, times DateTime in UTC.</summary>
    private static object? Value(PrimitiveType type, object? value) => value switch
    {
        int number => (long)number,
        long micros when type.Kind is PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond),
        _ => value,
    };
}
