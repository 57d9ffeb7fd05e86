using Dlt.Internal;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Bloom filters of a Parquet file: finds those of its row groups by field id. Files without field ids have no filters here.
/// </summary>
/// <remarks>For one caller at a time. The filters that it finds are safe for concurrent use.</remarks>
internal sealed class FileBlooms
{
    private const int TailBytes = 1 << 16;
    private const int HeaderBytes = 64;   // of a filter whose size the footer does not state

    private readonly Stream _file;
    private readonly ParquetFooter _footer;
    private readonly Dictionary<int, (int Leaf, ParquetElement Element)> _leaves = [];

    /// <summary>Finds the filters of a file whose footer is known.</summary>
    /// <param name="file">The file; random access is supported. It must stay open as long as filters are read.</param>
    /// <param name="footer">Footer of the file.</param>
    public FileBlooms(Stream file, ParquetFooter footer)
    {
        (_file, _footer) = (file, footer);
        List<ParquetElement> leaves = [.. footer.Elements.Where(e => e.IsLeaf)];
        for (var i = 0; i < leaves.Count; i++)
        {
            var hasFilter = footer.RowGroups.Any(g => g.Columns[i].BloomFilterOffset is not null);
            if (hasFilter && leaves[i].FieldId is { } id) _leaves[id] = (i, leaves[i]);
        }
    }

    /// <summary>Number of row groups of the file.</summary>
    public int RowGroups => _footer.RowGroups.Count;

    /// <summary>Reads the footer of a file.</summary>
    /// <param name="file">The file; random access is supported. It must stay open as long as filters are read.</param>
    /// <param name="location">Location of the file.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Null if the footer is not understood. The reader of the rows finds out whether the file is damaged.</returns>
    public static async Task<FileBlooms?> OpenAsync(Stream file, string location, CancellationToken cancellationToken)
    {
        // One asynchronous read of the end. The footer is then in the buffer of the stream.
        file.Position = Math.Max(0, file.Length - TailBytes);
        _ = await file.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false);
        try
        {
            return new FileBlooms(file, ParquetFooter.Read(file, location));
        }
        catch (ParquetFormatException)
        {
            return null;
        }
    }

    /// <summary>True if row groups of the file have filters of a field.</summary>
    public bool Has(int fieldId) => _leaves.ContainsKey(fieldId);

    /// <summary>Reads the filter of a field in a row group.</summary>
    /// <param name="rowGroup">Index of the row group.</param>
    /// <param name="fieldId">Id of a field outside of lists and maps.</param>
    /// <param name="type">Type of the field in the table, to which the file's values may have been promoted.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>
    /// Null if there is no filter that this library can use, or the filter is damaged: every value may be in the row group.
    /// </returns>
    public async Task<RowGroupBloom?> FindAsync(int rowGroup, int fieldId, PrimitiveType type, CancellationToken cancellationToken)
    {
        if (!_leaves.TryGetValue(fieldId, out var leaf) || PlainForm.Of(leaf.Element, type) is not { } form) return null;
        var chunk = _footer.RowGroups[rowGroup].Columns[leaf.Leaf];
        if (chunk.BloomFilterOffset is not { } offset) return null;
        try
        {
            var bytes = await ReadAsync(offset, chunk.BloomFilterBytes ?? HeaderBytes, cancellationToken).ConfigureAwait(false);
            var (filter, needed) = ParquetBloomFilter.Read(bytes);
            if (filter is null && needed > 0)
                (filter, _) = ParquetBloomFilter.Read(await ReadAsync(offset, needed, cancellationToken).ConfigureAwait(false));
            return filter is null ? null : new(filter, form);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task<byte[]> ReadAsync(long offset, int length, CancellationToken cancellationToken)
    {
        if (offset < 0 || length <= 0 || offset >= _file.Length) throw new FormatException("a Bloom filter is outside of the file");
        var bytes = new byte[(int)Math.Min(length, _file.Length - offset)];
        _file.Position = offset;
        await _file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }
}
