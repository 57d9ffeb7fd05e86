using System.Buffers.Binary;
using Dlt.Parquet.Thrift;

namespace Dlt.Tests.Parquet.Indexes;

/// <summary>
/// Reads the page index of a file by the specification (Parquet format, PageIndex.md), without code of the writer.
/// </summary>
internal sealed class PageIndexReader
{
    private readonly byte[] _file;

    public PageIndexReader(string path)
    {
        _file = File.ReadAllBytes(path);
        var length = BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(_file.Length - 8));
        Footer = CompactTree.Read(_file.AsSpan(_file.Length - 8 - length, length));
    }

    public ThriftStruct Footer { get; }

    /// <summary>The chunks of a column in the order of the row groups.</summary>
    public IReadOnlyList<Chunk> Chunks(string column) =>
    [
        .. List(Footer[4]).Select(g => List(g.Struct[1]).Select(c => c.Struct).Single(c => PathOf(c) == column)).Select(c => new Chunk(
            c[3]!.Value.Struct, Part(c, 6, 7) is { } index ? new ColumnIndex(index) : null, [.. List(Part(c, 4, 5)![1]).Select(PageOf)])),
    ];

    /// <summary>All leaf columns, by their names from the root.</summary>
    public IReadOnlyList<string> Columns => [.. List(List(Footer[4])[0].Struct[1]).Select(c => PathOf(c.Struct))];

    public string CreatedBy => Footer.Text(6)!;

    public int ColumnOrders => List(Footer[7]).Count;

    /// <summary>The schema element of a column or group with that field id.</summary>
    public ThriftStruct Element(int fieldId) => List(Footer[2]).Select(e => e.Struct).Single(e => e[9]?.Long == fieldId);

    private static string PathOf(ThriftStruct chunk) =>
        string.Join('.', List(chunk[3]!.Value.Struct[3]).Select(n => System.Text.Encoding.UTF8.GetString(n.Bytes)));

    private ThriftStruct? Part(ThriftStruct chunk, short offset, short length) =>
        chunk[offset] is { } start ? CompactTree.Read(_file.AsSpan((int)start.Long, (int)chunk[length]!.Value.Long)) : null;

    private Page PageOf(ThriftValue location)
    {
        var (offset, bytes) = (location.Struct[1]!.Value.Long, location.Struct[2]!.Value.Long);
        var header = CompactTree.Read(_file.AsSpan((int)offset, (int)bytes));
        return new(location.Struct[3]!.Value.Long, bytes, header);
    }

    private static List<ThriftValue> List(ThriftValue? value) => value!.Value.List.Items;

    /// <param name="Metadata">ColumnMetaData.</param>
    /// <param name="Index">ColumnIndex; null when the file has none for the chunk.</param>
    /// <param name="Pages">Pages of the offset index.</param>
    public sealed record Chunk(ThriftStruct Metadata, ColumnIndex? Index, IReadOnlyList<Page> Pages)
    {
        public ThriftStruct Statistics => Metadata[12]!.Value.Struct;

        public IEnumerable<long> Encodings => List(Metadata[2]).Select(e => e.Long);
    }

    /// <param name="FirstRow">Index of the first row in the row group.</param>
    /// <param name="Bytes">Size with the header.</param>
    /// <param name="Header">PageHeader.</param>
    public sealed record Page(long FirstRow, long Bytes, ThriftStruct Header)
    {
        public bool IsDataPageV1 => Header[1]!.Value.Long == 0;

        public long BodyBytes => Header[3]!.Value.Long;

        public long Values => Header[5]!.Value.Struct[1]!.Value.Long;

        public long Encoding => Header[5]!.Value.Struct[2]!.Value.Long;
    }

    public sealed class ColumnIndex(ThriftStruct index)
    {
        public IReadOnlyList<bool> NullPages { get; } = [.. List(index[1]).Select(p => p.Bool)];

        public IReadOnlyList<byte[]> Min { get; } = [.. List(index[2]).Select(b => b.Bytes)];

        public IReadOnlyList<byte[]> Max { get; } = [.. List(index[3]).Select(b => b.Bytes)];

        /// <summary>0 unordered, 1 ascending, 2 descending.</summary>
        public long BoundaryOrder { get; } = index[4]!.Value.Long;

        public IReadOnlyList<long> NullCounts { get; } = [.. List(index[5]).Select(n => n.Long)];
    }
}
