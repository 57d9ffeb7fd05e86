using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>How rows are taken out of files.</summary>
public enum RowChangeMode
{
    /// <summary>Files with such rows are written anew without them: slower to write, fast to read.</summary>
    CopyOnWrite,

    /// <summary>Files stay, and delete files beside them name the positions: fast to write, slower to read.</summary>
    MergeOnRead,
}

/// <summary>Plans changes of single rows on the snapshot that a table has now (spec/iceberg.md 6.4, 6.5).</summary>
internal sealed class RowChanges
{
    private const int FilePathId = 2147483546;
    private const int PositionId = 2147483545;

    private readonly Table _table;
    private readonly ScanReader _reader;
    private readonly bool _isSerializable;

    /// <param name="table">The table.</param>
    /// <param name="statement"><c>delete</c>, <c>update</c> or <c>merge</c>: which isolation level of the table's properties holds.</param>
    public RowChanges(Table table, string statement)
    {
        _table = table;
        _reader = new(table.Files, table.Metadata, table.Catalog?.DataFileReader);
        _isSerializable = table.Metadata.Properties.GetValueOrDefault($"write.{statement}.isolation-level") != "snapshot";
    }

    /// <summary>Deletes the rows that match, and puts what <paramref name="replace"/> makes of each in their place.</summary>
    /// <param name="filter">Which rows.</param>
    /// <param name="replace">The new row for an old one; null for none.</param>
    /// <param name="mode">How.</param>
    /// <param name="extra">Further rows to add.</param>
    /// <param name="action">Branch and summary.</param>
    /// <param name="cancellationToken">Stops; files that were written are left to the cleaning of orphans.</param>
    public async Task<OverwriteAction> PlanAsync(Filter filter, Func<object?[], object?[]?> replace, RowChangeMode mode, IReadOnlyList<object?[]> extra, (string Branch, IReadOnlyDictionary<string, string> Properties) action, CancellationToken cancellationToken)
    {
        var scan = _table.Scan().Where(filter);
        var bound = scan.BoundFilter;
        var touched = new List<ManifestEntry>();
        var removed = new HashSet<string>(StringComparer.Ordinal);
        var deletes = new List<DataFile>();
        var writer = new DataFileWriter(_table);
        await using (writer.ConfigureAwait(false))
        {
            await foreach (var task in scan.PlanFilesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (AllMatch(bound, task) && mode == RowChangeMode.CopyOnWrite && replace == Drop)
                {
                    touched.Add(task.Entry);
                    removed.Add(task.File.FilePath);
                    continue;
                }

                var positions = new List<long>();
                var kept = new List<object?[]>();
                await foreach (var batch in _reader.ReadAsync(task, _table.Metadata.CurrentSchema, Filter.True, cancellationToken).ConfigureAwait(false))
                {
                    foreach (var (position, row) in batch)
                    {
                        if (!Matches(bound, row))
                        {
                            if (mode == RowChangeMode.CopyOnWrite) kept.Add(row);
                            continue;
                        }

                        positions.Add(position);
                        if (replace(row) is not { } changed) continue;
                        await (ReferenceEquals(changed, row) ? writer.AddStoredAsync(row, cancellationToken) : writer.AddAsync(changed, cancellationToken)).ConfigureAwait(false);
                    }
                }

                if (positions.Count == 0) continue;
                touched.Add(task.Entry);
                if (mode == RowChangeMode.MergeOnRead)
                {
                    deletes.Add(await WritePositionsAsync(task.Entry, positions, deletes.Count, cancellationToken).ConfigureAwait(false));
                    continue;
                }

                removed.Add(task.File.FilePath);
                foreach (var row in kept) await writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
            }

            foreach (var row in extra) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
            return new OverwriteAction
            {
                Branch = action.Branch,
                Properties = action.Properties,
                Added = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false),
                AddedDeletes = deletes,
                Removes = (_, entry) => removed.Contains(entry.File.FilePath),
                MustRemove = removed,
                Check = new()
                {
                    Since = _table.Metadata.CurrentSnapshot?.SnapshotId,
                    MustExist = mode == RowChangeMode.MergeOnRead ? touched.Select(t => t.File.FilePath).ToHashSet(StringComparer.Ordinal) : new HashSet<string>(),
                    IsRemovalByDeleteAConflict = replace != Drop,
                    NoAddedData = _isSerializable ? filter : null,
                    NoDeletesFor = mode == RowChangeMode.CopyOnWrite || replace != Drop ? touched : [],
                },
            };
        }
    }

    /// <summary>For deleting rows: nothing comes in their place.</summary>
    public static object?[]? Drop(object?[] row) => null;

    private bool AllMatch(Filter filter, ScanTask task) =>
        new MetricsFilter(_table.Metadata.CurrentSchema, task.File).AllMatch(filter)
        || (_table.Metadata.SpecOf(task.File.SpecId) is { } spec && new PartitionFilter(filter, spec, _table.Metadata.CurrentSchema).AllMatch(task.File.Partition));

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

    /// <summary>A delete file for one data file, in its partition (spec/iceberg.md 5.7).</summary>
    private async Task<DataFile> WritePositionsAsync(ManifestEntry target, List<long> positions, int number, CancellationToken cancellationToken)
    {
        var schema = new Schema([new(FilePathId, "file_path", new PrimitiveType(PrimitiveKind.String), true), new(PositionId, "pos", new PrimitiveType(PrimitiveKind.Long), true)]);
        var name = string.Create(CultureInfo.InvariantCulture, $"00000-{Guid.NewGuid():D}-{number:00000}-deletes.parquet");
        var folder = target.File.Partition.IsEmpty || _table.Metadata.SpecOf(target.File.SpecId) is not { } spec ? "" : PartitionPath.Of(spec, _table.Metadata.CurrentSchema, target.File.Partition) + "/";
        var location = $"{TableLocations.Data(_table.Metadata)}/{folder}{name}";
        var path = Path.Combine(Path.GetTempPath(), name);
        try
        {
            SimpleParquet.Write(path, schema, positions.Select(p => new object?[] { target.File.FilePath, p }).ToList());
            await _table.Files.UploadAsync(location, path, cancellationToken).ConfigureAwait(false);
            var described = new ParquetFile(path).Describe(location, new FileInfo(path).Length, schema, _table.Metadata, target.File.SpecId, target.File.Partition);
            var pathBytes = System.Text.Encoding.UTF8.GetBytes(target.File.FilePath);
            return described with
            {
                Content = FileContent.PositionDeletes,
                ReferencedDataFile = target.File.FilePath,
                SortOrderId = null,
                ValueCounts = null,
                NullValueCounts = null,
                LowerBounds = new Dictionary<int, byte[]> { [FilePathId] = pathBytes, [PositionId] = SingleValue.Encode(new(PrimitiveKind.Long), positions.Min())! },
                UpperBounds = new Dictionary<int, byte[]> { [FilePathId] = pathBytes, [PositionId] = SingleValue.Encode(new(PrimitiveKind.Long), positions.Max())! },
            };
        }
        finally
        {
            File.Delete(path);
        }
    }
}
