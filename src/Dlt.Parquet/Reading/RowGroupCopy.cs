using Dlt.Parquet.Footers;
using Dlt.Parquet.Metrics;
using Dlt.Parquet.Pages;
using Dlt.Parquet.Thrift;

namespace Dlt.Parquet.Reading;

/// <summary>Copies column chunks of a file that this library wrote. The page index gives the pages, so they are not decompressed.</summary>
/// <param name="file">The file, with random access.</param>
/// <param name="footer">Footer of the file.</param>
/// <param name="group">The row group.</param>
internal sealed class RowGroupCopy(Stream file, ParquetFooter footer, ParquetRowGroup group)
{
    private const int CopyBytes = 1 << 18;
    private const short NullPagesField = 1;
    private const short MinField = 2;
    private const short MaxField = 3;
    private const short NullCountsField = 5;
    private const short LocationsField = 1;

    private readonly List<ParquetElement> _leaves = [.. footer.Elements.Where(e => e.IsLeaf)];

    /// <summary>Returns true when the column chunk is the same as one that this library would write with the codec.</summary>
    public bool CanCopy(ParquetColumn column, int leaf, ParquetCodec codec)
    {
        var (element, chunk) = (_leaves[leaf], group.Columns[leaf]);
        return footer.CreatedBy?.StartsWith(FooterWriter.Name + " version ", StringComparison.Ordinal) == true
            && chunk.Codec == (long)codec && chunk.IndexLocation is not null && chunk.Values == group.Rows
            && element.Depth == 0 && element.FieldId == column.FieldId && element.IsRequired == column.IsRequired
            && element.PhysicalType == column.PhysicalType && element.IsUuid == column.IsUuid
            && (column.PhysicalType != PhysicalType.FixedLenByteArray || element.TypeLength == column.TypeLength);
    }

    /// <summary>Copies a column chunk.</summary>
    /// <returns>The chunk, with offsets from the beginning of the target.</returns>
    /// <exception cref="FormatException">The page index is damaged.</exception>
    public async Task<ColumnChunk> CopyAsync(ParquetColumn column, int leaf, ChunkBytes target, CancellationToken cancellationToken)
    {
        var chunk = group.Columns[leaf];
        var index = chunk.IndexLocation!;
        var bounds = CompactTree.Read(await ReadAsync(index.ColumnIndexOffset!.Value, index.ColumnIndexBytes, cancellationToken)
            .ConfigureAwait(false));
        var locations = CompactTree.Read(await ReadAsync(index.OffsetIndexOffset, index.OffsetIndexBytes, cancellationToken)
            .ConfigureAwait(false));
        var moved = target.Length - chunk.Start;
        for (var done = 0L; done < chunk.CompressedBytes;)
        {
            var bytes = (int)Math.Min(CopyBytes, chunk.CompressedBytes - done);
            target.Write(await ReadAsync(chunk.Start + done, bytes, cancellationToken).ConfigureAwait(false));
            done += bytes;
        }

        return new()
        {
            Column = column,
            Encoding = EncodingOf(chunk),
            Values = chunk.Values,
            UncompressedBytes = chunk.UncompressedBytes,
            CompressedBytes = chunk.CompressedBytes,
            DictionaryPageOffset = chunk.DictionaryPageOffset + moved,
            Pages = Pages(chunk, bounds, locations.RequiredList(LocationsField).Items, moved),
        };
    }

    /// <summary>The encoding of the values: this library uses one for all data pages of a chunk.</summary>
    private static int EncodingOf(ParquetColumnChunk chunk) =>
        (int)(chunk.DictionaryPageOffset is null ? chunk.Encodings[0] : chunk.Encodings[^1]);

    private List<DataPage> Pages(ParquetColumnChunk chunk, ThriftStruct index, List<ThriftValue> locations, long moved)
    {
        var isNull = index.RequiredList(NullPagesField).Items;
        var (min, max) = (index.RequiredList(MinField).Items, index.RequiredList(MaxField).Items);
        var nulls = index.RequiredList(NullCountsField).Items;
        if (locations.Count == 0 || new[] { isNull.Count, min.Count, max.Count, nulls.Count }.Any(c => c != locations.Count))
            throw new FormatException("the page index has different numbers of pages");
        var pages = new List<DataPage>(locations.Count);
        for (var i = 0; i < locations.Count; i++)
        {
            var page = locations[i].RequiredStruct;
            var first = page.RequiredLong(3);
            var end = i + 1 < locations.Count ? locations[i + 1].RequiredStruct.RequiredLong(3) : group.Rows;
            if (first < 0 || end < first || end > group.Rows) throw new FormatException($"the page index has a page of {end - first} rows");
            if (min[i].Value is not byte[] least || max[i].Value is not byte[] greatest || nulls[i].Value is not long nullCount)
                throw new FormatException("the page index has a value of another type");
            var bounds = isNull[i].Bool ? null : new ColumnBounds(least, greatest, chunk.IsMinExact, chunk.IsMaxExact);
            pages.Add(new(page.RequiredLong(1) + moved, (int)page.RequiredLong(2), (int)first, (int)(end - first), (int)nullCount, bounds));
        }

        return pages;
    }

    private async Task<byte[]> ReadAsync(long offset, int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length];
        file.Position = offset;
        await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }
}
