using Dlt.Destinations.Publishing;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Packages;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// A bookkeeping table in Iceberg format, with one commit per write. A repeated row is found in the summary of its snapshot and, if that
/// has expired, among the rows.
/// </summary>
/// <param name="catalog">Catalog of the table.</param>
/// <param name="tables">Creates the table, and adds columns to it.</param>
/// <param name="database">Database of the dataset.</param>
/// <param name="name">Name of the table.</param>
/// <param name="failures">Receives failures of the upkeep.</param>
internal sealed class IcebergBookkeepingTable(
    GlueCatalog catalog, IcebergTables tables, string database, string name, UpkeepFailures failures) : IBookkeepingTable
{
    private const string RowProperty = "dlt.row";
    private const int MaxAttempts = 10;

    private readonly BookkeepingUpkeep _upkeep = new(catalog.Time, failures);

    public BookkeepingCache Cache { get; init; } = new();

    /// <summary>The table's definition in Glue; null to look it up.</summary>
    public GlueTable? Stored { get; init; }

    public async Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken)
    {
        if (LocationOf(Stored) is { } location && Cache.Of(name, location) is { } known) return known;
        return await OpenAsync(cancellationToken).ConfigureAwait(false) is { } table
            ? await RowsAsync(table, cancellationToken).ConfigureAwait(false) : [];
    }

    /// <summary>
    /// Reads the metadata file and the manifests, which the catalog caches. A version that was read before is not read again, and a table
    /// that was not found is not looked up.
    /// </summary>
    public async Task ReadAheadAsync(CancellationToken cancellationToken)
    {
        if (LocationOf(Stored) is not { } location || Cache.TableAt(location) is not null) return;
        if (await OpenAsync(cancellationToken).ConfigureAwait(false) is not { } table) return;
        await foreach (var file in table.Scan().PlanFilesAsync(cancellationToken).ConfigureAwait(false)) _ = file;
    }

    /// <summary>Reads only the columns that are compared, of the files that can have the row.</summary>
    public async Task<bool> ContainsAsync(
        string identity, IReadOnlyList<(string Column, string Text)> values, CancellationToken cancellationToken)
    {
        bool IsSame(Dictionary<string, object?> row) => values.All(v => row.GetValueOrDefault(v.Column) as string == v.Text);
        if (LocationOf(Stored) is { } location && Cache.Of(name, location) is { } known) return known.Any(IsSame);
        if (await OpenAsync(cancellationToken).ConfigureAwait(false) is not { } table) return false;
        var scan = values.Aggregate(table.Scan(), (all, v) => all.Where(Filter.Equal(v.Column, v.Text)))
            .Select([.. values.Select(v => v.Column)]);
        await foreach (var batch in new ScanReader(scan, new ParquetDataFileReader()).ReadAsync(cancellationToken).ConfigureAwait(false))
            if (batch.Any(row => IsSame(Named(scan.Schema, row)))) return true;
        return false;
    }

    public async Task<Dictionary<string, object?>?> NewestAsync(
        string column, IReadOnlySet<string> loads, Func<Dictionary<string, object?>, bool> isWanted, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false))
            .Where(r => r.GetValueOrDefault(column) is string id && loads.Contains(id) && isWanted(r))
            .MaxBy(r => (string)r[column]!, LoadIdOrder.Instance);

    /// <summary>Deletes the rows with this text. Rows that other pipelines add in the meantime stay.</summary>
    public Task RemoveAsync(
        (string Column, string Text) removed, IReadOnlyList<(string Column, object Value)> kept, CancellationToken cancellationToken)
    {
        var isOther = kept.Select(k => Filter.NotEqual(k.Column, k.Value)).Aggregate(Filter.Or);
        bool IsRemoved(Dictionary<string, object?> row) =>
            row.GetValueOrDefault(removed.Column) as string == removed.Text && !BookkeepingRow.Has(row, kept);
        return DeleteAsync(Filter.And(Filter.Equal(removed.Column, removed.Text), isOther), IsRemoved, cancellationToken);
    }

    public Task RemoveAsync(
        (string Column, string Text) of, string column, IReadOnlySet<string> texts, CancellationToken cancellationToken)
    {
        bool IsRemoved(Dictionary<string, object?> row) =>
            row.GetValueOrDefault(of.Column) as string == of.Text && row.GetValueOrDefault(column) is string text && texts.Contains(text);
        var isOne = Filter.In(column, [.. texts]);
        return DeleteAsync(Filter.And(Filter.Equal(of.Column, of.Text), isOne), IsRemoved, cancellationToken);
    }

    /// <summary>Writes the rows that stay into one file, in one commit. A table that is too large for that loses the others.</summary>
    public async Task KeepStatesAsync(string pipeline, IReadOnlySet<string> loads, int most, CancellationToken cancellationToken)
    {
        if (await OpenAsync(cancellationToken).ConfigureAwait(false) is not { } table) return;
        var rows = await RowsAsync(table, cancellationToken).ConfigureAwait(false);
        string? OwnLoadOf(Dictionary<string, object?> row) => row.GetValueOrDefault(SystemTables.PipelineName) as string == pipeline
            ? row.GetValueOrDefault(SystemTables.LoadId) as string : null;
        var old = rows.Select(OwnLoadOf).OfType<string>().Where(loads.Contains).Distinct().OrderDescending(LoadIdOrder.Instance)
            .Skip(most).ToHashSet(StringComparer.Ordinal);
        var kept = rows.Where(r => OwnLoadOf(r) is not { } id || !old.Contains(id)).ToList();
        var summary = new Dictionary<string, string>();
        if (await SmallTableRewrite.TryAppendAsync(table, kept, [], summary, cancellationToken).ConfigureAwait(false) is { } written)
        {
            Cache.Keep(await _upkeep.RunAsync(written, cancellationToken).ConfigureAwait(false));
            return;
        }

        if (old.Count > 0)
            await RemoveAsync((SystemTables.PipelineName, pipeline), SystemTables.LoadId, old, cancellationToken).ConfigureAwait(false);
        table = await catalog.LoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
        Cache.Keep(await _upkeep.RunAsync(table, cancellationToken).ConfigureAwait(false));
    }

    public async Task<IReadOnlySet<string>> LoadIdsAsync(string column, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).Select(r => r.GetValueOrDefault(column)).OfType<string>()
            .ToHashSet(StringComparer.Ordinal);

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
        var schema = stored.Metadata.CurrentSchema;
        var added = missing.ConvertAll(e => schema.Fields.Select(f => ValueOf(f, e.Row)).ToArray());
        var summary = new Dictionary<string, string> { [StepRecord.LoadId] = loadId, [RowProperty] = key };
        var basis = stored;
        var committed = await SmallTableRewrite.TryAppendAsync(stored, rows, added, summary, cancellationToken).ConfigureAwait(false);
        if (committed is null)
            (basis, committed) = await AppendAsync(stored, added, summary, cancellationToken).ConfigureAwait(false);
        var kept = await _upkeep.RunAsync(committed, cancellationToken).ConfigureAwait(false);
        Cache.Keep(kept);
        if (ReferenceEquals(basis, stored) && IsNext(stored, committed)
            && (ReferenceEquals(kept, committed) || IsRewritten(committed, kept)))
        {
            Cache.Set(name, kept.MetadataLocation, [.. rows, .. added.Select(v => Named(schema, v))]);
        }
    }

    /// <summary>Commits new rows. Appends of many pipelines do not contradict each other, so a conflict is retried.</summary>
    private async Task<(IcebergTable Basis, IcebergTable Committed)> AppendAsync(
        IcebergTable basis, IReadOnlyList<object?[]> added, Dictionary<string, string> summary, CancellationToken cancellationToken)
    {
        var files = await SmallTableRewrite.WriteAsync(basis, added, cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var transaction = basis.NewTransaction().Patiently();
                foreach (var (property, value) in summary) transaction.SummaryProperties[property] = value;
                return (basis, await transaction.Append(files).CommitAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict && attempt < MaxAttempts)
            {
                basis = await catalog.LoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Deletes rows, unless there are none; again when another pipeline has added such rows.</summary>
    private async Task DeleteAsync(
        Filter filter, Func<Dictionary<string, object?>, bool> isRemoved, CancellationToken cancellationToken)
    {
        var table = await OpenAsync(cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; table is not null; attempt++)
        {
            if (!(await RowsAsync(table, cancellationToken).ConfigureAwait(false)).Any(isRemoved)) return;
            try
            {
                var transaction = await table.NewTransaction().Patiently()
                    .DeleteAsync(filter, cancellationToken: cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict && attempt < MaxAttempts)
            {
                table = await catalog.TryLoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<IcebergTable?> OpenAsync(CancellationToken cancellationToken)
    {
        if (LocationOf(Stored) is { } location && Cache.TableAt(location) is { } known) return known;
        var opened = Stored is not null
            ? await catalog.LoadTableAsync(database, Stored, cancellationToken).ConfigureAwait(false)
            : await catalog.TryLoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
        if (opened is not null) Cache.Keep(opened);
        return opened;
    }

    /// <summary>Location of the metadata file that a definition names.</summary>
    private static string? LocationOf(GlueTable? stored) => stored?.Definition.Parameters?.GetValueOrDefault("metadata_location");

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

    private static Dictionary<string, object?> Named(Dlt.Iceberg.Schema schema, object?[] row)
    {
        var named = new Dictionary<string, object?>(row.Length, StringComparer.Ordinal);
        for (var i = 0; i < row.Length; i++)
            named.Add(schema.Fields[i].Name, Value((PrimitiveType)schema.Fields[i].Type, row[i]));
        return named;
    }

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
