using System.Buffers.Binary;
using System.IO.Hashing;
using Dlt.Parquet;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Parquet.Reading;

/// <summary>Pages as other writers make them and ours does not: with checksums, and of version 2 without compression or values.</summary>
public sealed class ForeignPageTests : IDisposable
{
    private const int Rows = 100;
    private const int Integer = 5;
    private const int Struct = 12;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_with_a_checksum_is_read_if_the_checksum_is_right(bool isRight)
    {
        var values = Plain(Enumerable.Range(0, Rows));
        var crc = Crc32.HashToUInt32(values) + (isRight ? 0u : 1u);
        byte[] page =
        [
            .. Fields((1, 0), (2, values.Length), (3, values.Length), (4, unchecked((int)crc))), .. FieldHeader(1, Struct),
            .. Fields((1, Rows), (2, 0), (3, 3), (4, 3)), 0, 0, .. values,
        ];
        if (isRight)
        {
            Assert.Equal(Enumerable.Range(0, Rows).Select(i => (long?)i), await ReadAsync(page, ParquetCodec.Uncompressed, true));
            return;
        }

        var error = await Assert.ThrowsAsync<FormatException>(() => ReadAsync(page, ParquetCodec.Uncompressed, true));
        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Levels_of_the_encoding_BIT_PACKED_are_refused_where_a_column_has_levels(bool isRequired)
    {
        const int BitPacked = 4;
        var values = Plain(Enumerable.Range(0, Rows));
        byte[] page =
        [
            .. Fields((1, 0), (2, values.Length), (3, values.Length)), .. FieldHeader(2, Struct),
            .. Fields((1, Rows), (2, 0), (3, BitPacked), (4, BitPacked)), 0, 0, .. values,
        ];
        Assert.True(ChunkPage.Knows(BitPacked));   // writers name it among the encodings of columns that have no levels
        if (isRequired)
        {
            Assert.Equal(Enumerable.Range(0, Rows).Select(i => (long?)i), await ReadAsync(page, ParquetCodec.Uncompressed, isRequired));
            return;
        }

        var error = await Assert.ThrowsAsync<FormatException>(() => ReadAsync(page, ParquetCodec.Uncompressed, isRequired));
        Assert.Contains("the levels of column 'n' have an old encoding", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_version_2_without_values_or_without_compression_are_read()
    {
        byte[] nulls = [40 << 1, 0];   // a run of 40 levels 0
        byte[] present = [60 << 1, 1];
        byte[] pages = [.. PageV2(40, 40, nulls, []), .. PageV2(60, 0, present, Plain(Enumerable.Range(0, 60)))];
        var expected = Enumerable.Repeat((long?)null, 40).Concat(Enumerable.Range(0, 60).Select(i => (long?)i));
        Assert.Equal(expected, await ReadAsync(pages, ParquetCodec.Zstd, isRequired: false));
    }

    /// <summary>Reads pages in place of those of a file with one column of a hundred integers.</summary>
    private async Task<List<long?>> ReadAsync(byte[] pages, ParquetCodec codec, bool isRequired)
    {
        var path = _folder.File("a.parquet");
        var column = new ParquetColumn("n", new() { DataType = DataType.Bigint, IntegerBits = 64 }, isRequired);
        using (var writer = new ParquetFileWriter(path, new() { Codec = codec }))
        {
            var own = new FixedBuffer<long>("n");
            for (var row = 0; row < Rows; row++) own.Append(row, row);
            writer.WriteRowGroup([(column, own)], Rows);
            writer.Complete([column]);
        }

        var footer = ParquetFooter.Read(path);
        using var reader = new ColumnChunkReader(Stream.Null, footer.Elements[0], footer.RowGroups[0].Columns[0], column, pages);
        var buffer = (FixedBuffer<long>)column.Type.NewBuffer("n");
        await reader.ReadAsync(buffer, Rows, TestContext.Current.CancellationToken);
        return [.. Enumerable.Range(0, Rows).Select(r => buffer.IsValid(r) ? buffer.Values[buffer.ValuesBefore(r)] : (long?)null)];
    }

    /// <summary>A data page of version 2 whose values are not compressed, in a column that is.</summary>
    private static byte[] PageV2(int rows, int nulls, byte[] levels, byte[] values)
    {
        var length = levels.Length + values.Length;
        const byte False = 0x12;
        return
        [
            .. Fields((1, 3), (2, length), (3, length)), .. FieldHeader(8 - 3, Struct),
            .. Fields((1, rows), (2, nulls), (3, rows), (4, 0), (5, levels.Length), (6, 0)), False, 0, 0, .. levels, .. values,
        ];
    }

    /// <summary>Integer fields in the compact protocol of Thrift.</summary>
    private static IEnumerable<byte> Fields(params (int Id, int Value)[] fields)
    {
        var last = 0;
        foreach (var (id, value) in fields)
        {
            foreach (var part in FieldHeader(id - last, Integer)) yield return part;
            last = id;
            var rest = (uint)((value << 1) ^ (value >> 31));
            for (; rest >= 0x80; rest >>= 7) yield return (byte)(rest | 0x80);
            yield return (byte)rest;
        }
    }

    private static byte[] FieldHeader(int step, int type) => [(byte)(step << 4 | type)];

    private static byte[] Plain(IEnumerable<int> values)
    {
        var bytes = values.Select(v =>
        {
            var value = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(value, v);
            return value;
        });
        return [.. bytes.SelectMany(v => v)];
    }
}
