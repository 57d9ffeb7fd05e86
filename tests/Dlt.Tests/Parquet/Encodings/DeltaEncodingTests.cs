using Dlt.Parquet;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.Parquet.Encodings;

/// <summary>Integers so far apart that their difference overflows their type.</summary>
public sealed class DeltaEncodingTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(32, new long[] { 0, int.MaxValue, int.MinValue, int.MaxValue, -1, int.MinValue, 0, 1 })]
    [InlineData(64, new[] { 0, long.MaxValue, long.MinValue, long.MaxValue, -1, long.MinValue, 0, 1 })]
    public void Values_that_are_further_apart_than_their_type_is_wide_are_read_back(int bits, long[] values)
    {
        var path = _folder.File("delta.parquet");
        var column = new ParquetColumn("n", new ColumnType { DataType = DataType.Bigint, IntegerBits = bits }, isRequired: true);
        var buffer = (FixedBuffer<long>)column.Type.NewBuffer("n");
        long[] many = [.. Enumerable.Range(0, 300).Select(i => values[(i * i) % values.Length])];
        for (var i = 0; i < many.Length; i++) buffer.Append(i, many[i]);
        using (var writer = new ParquetFileWriter(path, new ParquetWriterOptions { DeltaEncodings = true }))
        {
            writer.WriteRowGroup([(column, buffer)], many.Length);
            writer.Complete([column]);
        }

        using var reader = new ParquetSharp.ParquetFileReader(path);
        using var group = reader.RowGroup(0);
        using var chunk = group.Column(0);
        Assert.Equal(many, bits == 32
            ? chunk.LogicalReader<int>().ReadAll(many.Length).Select(v => (long)v)
            : chunk.LogicalReader<long>().ReadAll(many.Length));
    }
}
