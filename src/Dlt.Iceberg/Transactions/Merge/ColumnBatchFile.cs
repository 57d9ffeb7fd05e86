using System.Runtime.CompilerServices;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>A data file that is read column by column. Its parts are the row groups.</summary>
/// <param name="file">The file with the wanted columns.</param>
/// <param name="deleted">Positions of deleted rows; null for none.</param>
internal sealed class ColumnBatchFile(ColumnFile file, RowPositions? deleted) : RowBatchFile
{
    private const int BatchRows = 4096;   // hashes of a batch stay in the cache of a core

    private readonly long[] _starts = Starts(file);

    public override int Parts => file.Footer.RowGroups.Count;

    public override long? Rows => file.File.RecordCount - (deleted?.Count ?? 0);

    public override async ValueTask<bool> MayMatchAsync(int part, RowCondition condition, CancellationToken cancellationToken)
    {
        var facts = new RowGroupFacts(file.MetricsOf(part));
        if (!condition.MayMatch(facts)) return false;
        var blooms = await file.BloomsOfAsync(part, condition.Compared, cancellationToken).ConfigureAwait(false);
        return blooms.Count == 0 || condition.MayMatch(facts with { Blooms = blooms });
    }

    public override async IAsyncEnumerable<RowBatch> ReadAsync(int part, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var group = file.Footer.RowGroups[part];
        var stream = await file.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var columns = new GroupColumns(file, group, stream);
            for (var row = 0; row < group.Rows; row += BatchRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var rows = (int)Math.Min(BatchRows, group.Rows - row);
                await columns.ReadAsync(rows, cancellationToken).ConfigureAwait(false);
                var batch = BatchOf(columns, _starts[part] + row, rows);
                if (batch.Rows > 0) yield return batch;
            }
        }
    }

    private ColumnRowBatch BatchOf(GroupColumns columns, long first, int rows)
    {
        if (deleted?.HasAny(first, rows) != true) return new(first, rows, null, columns.Columns);
        var kept = deleted.Slice(first, rows);
        for (var i = 0; i < kept.Length; i++) kept[i] = ~kept[i];
        foreach (var column in columns.Columns.Values) column.Buffer?.Retain(0, kept);
        long[] positions = [.. Enumerable.Range(0, rows).Select(i => first + i).Where(p => !deleted.Contains(p))];
        return new(first, positions.Length, positions, columns.Columns);
    }

    private static long[] Starts(ColumnFile file)
    {
        var starts = new long[file.Footer.RowGroups.Count];
        for (var i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + file.Footer.RowGroups[i - 1].Rows;
        return starts;
    }

    /// <summary>The wanted columns of one row group, a batch at a time.</summary>
    private sealed class GroupColumns : IDisposable
    {
        private readonly ColumnFile _file;
        private readonly List<(ColumnChunkReader Reader, ColumnBuffer Buffer)> _chunks = [];

        public GroupColumns(ColumnFile file, ParquetRowGroup group, Stream stream)
        {
            _file = file;
            var columns = new Dictionary<int, BatchColumn>();
            foreach (var column in file.Columns)
            {
                ColumnBuffer? buffer = null;
                if (column.Element is { } element)
                {
                    buffer = column.Column.Type.NewBuffer(column.Field.Name);
                    _chunks.Add((new(stream, element, group.Columns[column.Leaf], column.Column), buffer));
                }

                columns[column.Field.Id] = new(column.Type, buffer, column.Missing);
            }

            Columns = columns;
        }

        public IReadOnlyDictionary<int, BatchColumn> Columns { get; }

        public async ValueTask ReadAsync(int rows, CancellationToken cancellationToken)
        {
            try
            {
                foreach (var (reader, buffer) in _chunks)
                {
                    buffer.Clear();
                    await reader.ReadAsync(buffer, rows, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (ColumnFile.IsDamage(error))
            {
                throw _file.Damaged(error);
            }
        }

        public void Dispose()
        {
            foreach (var (reader, buffer) in _chunks)
            {
                reader.Dispose();
                buffer.Release();
            }
        }
    }
}
