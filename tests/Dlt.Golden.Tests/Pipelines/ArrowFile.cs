using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Dlt.Golden.Pipelines;

/// <summary>Reads Arrow IPC streams and Parquet files as batches.</summary>
internal static class ArrowFile
{
    /// <param name="path">The file.</param>
    /// <param name="rows">Rows of a batch; null for the file's own batches.</param>
    public static IEnumerable<RecordBatch> Read(string path, int? rows)
    {
        foreach (var batch in path.EndsWith(".parquet", StringComparison.Ordinal) ? Parquet(path) : Stream(path))
        {
            if (rows is null || batch.Length == 0) yield return batch;
            else
                for (var from = 0; from < batch.Length; from += rows.Value)
                    yield return batch.Slice(from, Math.Min(rows.Value, batch.Length - from));
        }
    }

    /// <summary>The batches of a file's content; the name determines its format.</summary>
    public static IReadOnlyList<RecordBatch> Batches(string name, byte[] content)
    {
        var path = Path.Combine(Path.GetTempPath(), $"dlt-golden-{Guid.NewGuid():N}{Path.GetExtension(name)}");
        File.WriteAllBytes(path, content);
        try
        {
            return [.. Read(path, null)];
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Converts a table as pandas does: integers with nulls become reals.</summary>
    public static RecordBatch AsFrame(RecordBatch table)
    {
        var columns = table.Arrays.Select(a => a is Int64Array { NullCount: > 0 } integers ? Reals(integers) : a).ToList();
        return new(new Apache.Arrow.Schema(table.Schema.FieldsList.Zip(columns, (f, c) => new Field(f.Name, c.Data.DataType, f.IsNullable)),
            null), columns, table.Length);
    }

    private static DoubleArray Reals(Int64Array integers)
    {
        var reals = new DoubleArray.Builder();
        foreach (var value in integers) reals.Append((double?)value);
        return reals.Build();
    }

    private static IEnumerable<RecordBatch> Stream(string path)
    {
        using var reader = new ArrowStreamReader(File.OpenRead(path));
        while (reader.ReadNextRecordBatch() is { } batch) yield return batch;
    }

    private static IEnumerable<RecordBatch> Parquet(string path)
    {
        using var file = new ParquetSharp.Arrow.FileReader(path);
        using var reader = file.GetRecordBatchReader();
        while (reader.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch) yield return batch;
    }
}
