using Dlt.Parquet.Thrift;

namespace Dlt.Parquet.Pages;

/// <summary>Compresses the pages of a column chunk and writes them after their headers.</summary>
internal sealed class PageWriter(ChunkBytes target, PageCompressor compressor)
{
    private const int DataPageType = 0;
    private const int DictionaryPageType = 2;

    private readonly PageBuffer _header = new();

    /// <summary>Size of the chunk's pages before compression, with headers, in bytes.</summary>
    public long UncompressedBytes { get; private set; }

    /// <summary>Size of the chunk's pages with headers, in bytes.</summary>
    public long CompressedBytes { get; private set; }

    /// <summary>Starts a column chunk.</summary>
    public void Begin() => UncompressedBytes = CompressedBytes = 0;

    public void WriteDictionary(PageBuffer page, int entries) =>
        WritePage(page, DictionaryPageType, entries, ValueEncoder.Plain, PageContent.Bytes);

    public DataPage Write(PageBuffer page, int values, int encoding, PageContent content, int firstRow)
    {
        var offset = target.Length;
        WritePage(page, DataPageType, values, encoding, content);
        return new(offset, (int)(target.Length - offset), firstRow, values, 0, null);
    }

    private void WritePage(PageBuffer page, int type, int values, int encoding, PageContent content)
    {
        var body = compressor.Compress(page.Written, content);
        _header.Clear();
        var thrift = new CompactWriter(_header);
        thrift.BeginElement();
        thrift.I32(1, type);
        thrift.I32(2, page.Length);
        thrift.I32(3, body.Length);
        thrift.BeginStruct((short)(type == DataPageType ? 5 : 7));
        thrift.I32(1, values);
        thrift.I32(2, encoding);
        if (type == DataPageType)
        {
            thrift.I32(3, ValueEncoder.Rle);
            thrift.I32(4, ValueEncoder.Rle);
        }

        thrift.EndStruct();
        thrift.EndStruct();
        target.Write(_header.Written);
        target.Write(body);
        UncompressedBytes += _header.Length + page.Length;
        CompressedBytes += _header.Length + body.Length;
    }
}
