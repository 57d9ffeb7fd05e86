using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>How rows are taken out of files.</summary>
public enum RowChangeMode
{
    /// <summary>Files with such rows are written again without them: slower to write, fast to read.</summary>
    CopyOnWrite,

    /// <summary>Files stay, and delete files beside them name the positions: fast to write, slower to read.</summary>
    MergeOnRead,
}

/// <summary>A change of single rows.</summary>
/// <param name="Filter">Which rows.</param>
/// <param name="Replace">The new row for an old one; null for none.</param>
/// <param name="Mode">How.</param>
internal sealed record RowChange(Filter Filter, Func<object?[], object?[]?> Replace, RowChangeMode Mode)
{
    /// <summary>Which of the rows in files that may match the filter; null for those that match it.</summary>
    public Predicate<object?[]>? Matches { get; init; }

    /// <summary>Further rows to add.</summary>
    public IReadOnlyList<object?[]> Extra { get; init; } = [];
}

/// <summary>Plans changes of single rows on the newest snapshot of a branch (docs/spec/iceberg.md 6.4, 6.5).</summary>
internal sealed class RowChanges
{
    private const int FilePathId = 2147483546;
    private const int PositionId = 2147483545;

    private readonly Table _table;
    private readonly string _branch;
    private readonly IReadOnlySet<long> _own;
    private readonly IReadOnlyDictionary<string, string> _properties;
    private readonly TaskReader _reader;
    private readonly bool _isSerializable;

    /// <param name="table">The table after the earlier changes of the transaction.</param>
    /// <param name="transaction">Branch and summary.</param>
    /// <param name="own">Snapshots of the transaction.</param>
    /// <param name="statement"><c>delete</c>, <c>update</c> or <c>merge</c>: which isolation level of the table's properties holds.</param>
    /// <exception cref="IcebergException">The table takes no rows.</exception>
    public RowChanges(Table table, Transaction transaction, IReadOnlySet<long> own, string statement)
    {
        table.Metadata.CheckTakesRows();
        _table = table;
        _branch = transaction.Branch;
        _properties = transaction.SummaryProperties;
        _own = own;
        _reader = new(table.Files, table.Metadata, table.Catalog?.DataFileReader);
        _isSerializable = table.Metadata.Properties.GetValueOrDefault($"write.{statement}.isolation-level") != "snapshot";
    }

    /// <summary>Deletes the rows that match, and puts what <see cref="RowChange.Replace"/> makes of each in their place.</summary>
    /// <param name="change">Which rows, and what becomes of them.</param>
    /// <param name="cancellationToken">Stops; files that were written are left to the removal of orphans.</param>
    public async Task<OverwriteAction> PlanAsync(RowChange change, CancellationToken cancellationToken)
    {
        var head = BranchHead.Of(_table.Metadata, _branch);
        var scan = head is null ? _table.Scan() : _table.Scan().UseRef(_branch);
        scan = scan.Where(change.Filter);
        var bound = scan.BoundFilter;
        var matches = change.Matches ?? (row => Matches(bound, row));
        var touched = new List<ManifestEntry>();
        var removed = new HashSet<string>(StringComparer.Ordinal);
        var deletes = new List<DataFile>();
        var writer = new DataFileWriter(_table);
        await using (writer.ConfigureAwait(false))
        {
            await foreach (var task in scan.PlanFilesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (change is { Mode: RowChangeMode.CopyOnWrite, Matches: null } && change.Replace == Drop && AllMatch(bound, task))
                {
                    touched.Add(task.Entry);
                    removed.Add(task.File.FilePath);
                    continue;
                }

                var (positions, kept) = await ChangeAsync(task, change, matches, writer, cancellationToken).ConfigureAwait(false);
                if (positions.Count == 0) continue;
                touched.Add(task.Entry);
                if (change.Mode == RowChangeMode.MergeOnRead)
                {
                    deletes.Add(await WritePositionsAsync(task.Entry, positions, deletes.Count, cancellationToken).ConfigureAwait(false));
                    continue;
                }

                removed.Add(task.File.FilePath);
                foreach (var row in kept) await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
            }

            foreach (var row in change.Extra) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
            return new OverwriteAction
            {
                Branch = _branch,
                Properties = _properties,
                Added = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false),
                AddedDeletes = deletes,
                Removes = (_, entry) => removed.Contains(entry.File.FilePath),
                MustRemove = removed,
                Check = CheckOf(change, touched),
            };
        }
    }

    /// <summary>What others must not do: the transaction's own earlier changes are part of the plan, and nobody else knows files of
    /// it.</summary>
    private ConflictCheck CheckOf(RowChange change, List<ManifestEntry> touched)
    {
        List<ManifestEntry> known = [.. touched.Where(t => !_own.Contains(t.SnapshotId))];
        var files = change.Mode == RowChangeMode.MergeOnRead ? known.Select(t => t.File.FilePath) : [];
        return new()
        {
            Since = BranchHead.BeforeOwn(_table.Metadata, _branch, _own)?.SnapshotId,
            Own = _own,
            MustExist = files.ToHashSet(StringComparer.Ordinal),
            IsRemovalByDeleteAConflict = change.Replace != Drop,
            NoAddedData = _isSerializable ? change.Filter : null,
            NoDeletesFor = change.Mode == RowChangeMode.CopyOnWrite || change.Replace != Drop ? known : [],
        };
    }

    /// <summary>Positions of the rows that match, and, for a file that is written again, the other rows. What comes in their place goes to
    /// the writer.</summary>
    private async Task<(List<long> Positions, List<object?[]> Kept)> ChangeAsync(
        ScanTask task, RowChange change, Predicate<object?[]> matches, DataFileWriter writer, CancellationToken cancellationToken)
    {
        var positions = new List<long>();
        var kept = new List<object?[]>();
        await foreach (var batch in _reader.ReadAsync(task, _table.Metadata.CurrentSchema, Filter.True, cancellationToken)
            .ConfigureAwait(false))
        {
            foreach (var (position, row) in batch)
            {
                if (!matches(row))
                {
                    if (change.Mode == RowChangeMode.CopyOnWrite) kept.Add(row);
                    continue;
                }

                positions.Add(position);
                if (change.Replace(row) is not { } changed) continue;
                await (ReferenceEquals(changed, row)
                    ? writer.AddStoredAsync(row, cancellationToken) : writer.AddAsync(changed, cancellationToken)).ConfigureAwait(false);
            }
        }

        return (positions, kept);
    }

    /// <summary>For deleting rows: nothing comes in their place.</summary>
    public static object?[]? Drop(object?[] row) => null;

    private bool AllMatch(Filter filter, ScanTask task) =>
        new MetricsFilter(_table.Metadata.CurrentSchema, task.File).AllMatch(filter)
        || (_table.Metadata.SpecOf(task.File.SpecId) is { } spec && new PartitionFilter(filter, spec, _table.Metadata.CurrentSchema)
            .AllMatch(task.File.Partition));

    private bool Matches(Filter filter, object?[] row) => RowFilter.Matches(filter, field =>
    {
        object? value = row;
        var fields = _table.Metadata.CurrentSchema.Fields;
        foreach (var step in _table.Metadata.CurrentSchema.PathTo(field.Id)!)
        {
            if (value is not object?[] values) return null;
            var at = fields.Select((f, i) => (f, i)).First(f => f.f.Id == step.Id).i;
            value = values[at];
            if (fields[at].Type is StructType inner) fields = inner.Fields;
        }

        return value;
    });

    /// <summary>A delete file for one data file, in its partition (docs/spec/iceberg.md 5.7).</summary>
    private async Task<DataFile> WritePositionsAsync(
        ManifestEntry target, List<long> positions, int number, CancellationToken cancellationToken)
    {
        var schema = new Schema([new(FilePathId, "file_path", new PrimitiveType(PrimitiveKind.String), true),
            new(PositionId, "pos", new PrimitiveType(PrimitiveKind.Long), true)]);
        var name = string.Create(CultureInfo.InvariantCulture, $"00000-{Guid.NewGuid():D}-{number:00000}-deletes.parquet");
        var location = DataLocations.Of(_table.Metadata, target.File.SpecId, target.File.Partition, name);
        var path = Path.Combine(Path.GetTempPath(), name);
        try
        {
            PositionDeleteFile.Write(path, schema, positions.Select(p => new object?[] { target.File.FilePath, p }).ToList());
            await _table.Files.UploadAsync(location, path, cancellationToken).ConfigureAwait(false);
            var described = new ParquetFile(path).Describe(location, new FileInfo(path).Length,
                schema, _table.Metadata, target.File.SpecId, target.File.Partition);
            var pathBytes = System.Text.Encoding.UTF8.GetBytes(target.File.FilePath);
            return described with
            {
                Content = FileContent.PositionDeletes,
                ReferencedDataFile = target.File.FilePath,
                SortOrderId = null,
                ValueCounts = null,
                NullValueCounts = null,
                LowerBounds = new Dictionary<int, byte[]>
                {
                    [FilePathId] = pathBytes,
                    [PositionId] = SingleValue.Encode(new(PrimitiveKind.Long), positions.Min())!,
                },
                UpperBounds = new Dictionary<int, byte[]>
                {
                    [FilePathId] = pathBytes,
                    [PositionId] = SingleValue.Encode(new(PrimitiveKind.Long), positions.Max())!,
                },
            };
        }
        finally
        {
            File.Delete(path);
        }
    }
}
