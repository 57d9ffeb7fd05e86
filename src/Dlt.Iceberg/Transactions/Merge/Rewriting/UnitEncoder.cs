using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Reads the rows of a unit, column by column, and encodes them as a row group. One column is in memory at a time, next to the encoded
/// bytes. Safe for concurrent use, each with its own memory.
/// </summary>
/// <param name="schema">Columns of the table.</param>
/// <param name="newMetrics">Creates a collector of metrics.</param>
internal sealed class UnitEncoder(Schema schema, Func<RowMetrics> newMetrics)
{
    private const long MostPreloaded = 32L << 20;

    /// <summary>Encodes a unit.</summary>
    /// <exception cref="IcebergException">A file is damaged.</exception>
    public async Task<EncodedUnit> EncodeAsync(RewriteUnit unit, UnitMemory memory, CancellationToken cancellationToken)
    {
        var metrics = newMetrics();
        var sources = new List<SegmentSource>();
        try
        {
            foreach (var segment in unit.Segments)
                sources.Add(await SegmentSource.OpenAsync(segment, cancellationToken).ConfigureAwait(false));
            if (sources.Count == 1
                && await sources[0].TryCopyAsync(memory.Encoder, metrics, cancellationToken).ConfigureAwait(false) is { } copied)
                return new(unit.Partition, memory, copied, metrics);
            if (sources.Count == 1) await sources[0].PreloadAsync(MostPreloaded, memory, cancellationToken).ConfigureAwait(false);
            memory.Encoder.Begin();
            for (var i = 0; i < schema.Fields.Length; i++)
            {
                await AddAsync(unit, sources, i, memory.Encoder, metrics, cancellationToken).ConfigureAwait(false);
            }

            return new(unit.Partition, memory, memory.Encoder.End(unit.Rows), metrics);
        }
        finally
        {
            foreach (var source in sources) await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task AddAsync(
        RewriteUnit unit, List<SegmentSource> sources, int index, RowGroupEncoder encoder, RowMetrics metrics,
        CancellationToken cancellationToken)
    {
        var column = unit.Segments[0].File.Columns[index];
        var buffer = column.Column.Type.NewBuffer(column.Field.Name);
        try
        {
            foreach (var source in sources)
            {
                var start = buffer.Rows;
                await source.ReadAsync(index, buffer, cancellationToken).ConfigureAwait(false);
                if (source.Segment.Kept is { } kept) buffer.Retain(start, kept);
                else if (!source.Segment.IsWhole) buffer.Retain(start, AllOf(source.Segment.Rows));
            }

            if (unit.Values.TryGetValue(column.Field.Id, out var value)) buffer = Changed(unit, column, buffer, value);
            if (buffer.ValueCount > 0) encoder.Add(column.Column, buffer, unit.Rows);
            metrics.AddColumn(column.Field.Id, buffer, unit.Rows);
        }
        finally
        {
            buffer.Release();
        }
    }

    /// <summary>The column with the new value in the changed rows.</summary>
    private static ColumnBuffer Changed(RewriteUnit unit, FileColumn column, ColumnBuffer buffer, object? value)
    {
        var rows = new ulong[(unit.Rows + 63) / 64];
        var start = 0;
        foreach (var segment in unit.Segments)
        {
            for (var i = 0; segment.Changed is { } changed && i < segment.KeptRows; i++)
                if ((changed[i >> 6] & (1UL << (i & 63))) != 0) rows[(start + i) >> 6] |= 1UL << ((start + i) & 63);
            start += segment.KeptRows;
        }

        var one = column.Column.Type.NewBuffer(column.Field.Name);
        if (value is not null) ColumnValue.Append(one, 0, value);
        var changedBuffer = buffer.Replace(rows, one);
        one.Release();
        buffer.Release();
        return changedBuffer;
    }

    private static ulong[] AllOf(int rows)
    {
        var all = new ulong[(rows + 63) / 64];
        Array.Fill(all, ulong.MaxValue);
        return all;
    }
}
