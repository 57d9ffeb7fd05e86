using System.Collections.Immutable;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// A Parquet file of the table whose columns are read without making rows. Files with another format, without field ids, or with values
/// that need a conversion beyond a widening are read as rows.
/// </summary>
internal sealed class ColumnFile
{
    private readonly IFileIO _files;

    private ColumnFile(IFileIO files, DataFile file, ParquetFooter footer, ImmutableArray<FileColumn> columns)
    {
        _files = files;
        File = file;
        Footer = footer;
        Columns = columns;
    }

    /// <summary>Entry of the file in its manifest.</summary>
    public DataFile File { get; }

    /// <summary>Footer of the file.</summary>
    public ParquetFooter Footer { get; }

    /// <summary>The wanted columns, in the order of the request.</summary>
    public ImmutableArray<FileColumn> Columns { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="files">Files of the table.</param>
    /// <param name="file">The file.</param>
    /// <param name="request">The wanted columns, and the values of those that the file lacks.</param>
    /// <param name="cancellationToken">Cancels the reading of the footer.</param>
    /// <returns>Null when the file must be read as rows.</returns>
    /// <exception cref="IcebergException">The file is damaged or is missing, or it lacks a required column.</exception>
    public static async Task<ColumnFile?> TryOpenAsync(
        IFileIO files, DataFile file, DataFileRequest request, CancellationToken cancellationToken)
    {
        if (file.FileFormat != "PARQUET" || file.KeyMetadata is not null) return null;
        if (request.Schema.Fields.Any(f => DataFileColumn.Of(f) is null)) return null;
        var footer = await FooterAsync(files, file, cancellationToken).ConfigureAwait(false);
        if (footer.Rows != file.RecordCount)
            throw IcebergException.Corrupt(file.FilePath, $"its manifest says {file.RecordCount} rows, but the file has {footer.Rows}");
        if (footer.RowGroups.Any(g => g.Rows > int.MaxValue)) return null;
        var ids = footer.Elements.Where(e => e.Depth == 0 && e.FieldId is not null).ToList();
        if (ids.Count == 0 || ids.DistinctBy(e => e.FieldId).Count() < ids.Count) return null;
        var leaves = footer.Elements.Where(e => e.IsLeaf).ToList();
        var columns = ImmutableArray.CreateBuilder<FileColumn>();
        foreach (var field in request.Schema.Fields)
        {
            var column = DataFileColumn.Of(field)!;
            if (ids.Find(e => e.FieldId == field.Id) is not { } element)
            {
                columns.Add(new(field, column, null, -1, request.ValueOfMissing(field)));
                continue;
            }

            var leaf = leaves.IndexOf(element);
            if (leaf < 0 || footer.RowGroups.Any(g => !ColumnChunkReader.CanRead(element, g.Columns[leaf], column))) return null;
            columns.Add(new(field, column, element, leaf, null));
        }

        return new(files, file, footer, columns.ToImmutable());
    }

    /// <summary>Opens the file for random access. The caller disposes the stream.</summary>
    public Task<Stream> OpenAsync(CancellationToken cancellationToken) =>
        _files.OpenAsync(File.FilePath, File.FileSizeInBytes, cancellationToken);

    /// <summary>Counts and bounds of the wanted columns in a row group.</summary>
    /// <remarks>Floats and UUIDs have no bounds: footers do not count NaNs, and UUIDs have two orders.</remarks>
    public ColumnMetrics MetricsOf(int group)
    {
        var rows = Footer.RowGroups[group];
        Dictionary<int, long> values = [], nulls = [];
        Dictionary<int, byte[]> lower = [], upper = [];
        foreach (var column in Columns.Where(c => c.Element is not null))
        {
            var metrics = new FooterMetrics(new FooterColumn(column.Element!, column.Type));
            metrics.Add(rows.Columns[column.Leaf]);
            values[column.Field.Id] = metrics.Values;
            if (metrics.Nulls is { } count) nulls[column.Field.Id] = count;
            if (column.Type.Kind is PrimitiveKind.Float or PrimitiveKind.Double or PrimitiveKind.Uuid) continue;
            if (metrics.Lower is { } least) lower[column.Field.Id] = SingleValue.Encode(column.Type, least)!;
            if (metrics.Upper is { } greatest) upper[column.Field.Id] = SingleValue.Encode(column.Type, greatest)!;
        }

        return new()
        {
            RecordCount = rows.Rows,
            ValueCounts = values,
            NullValueCounts = nulls,
            LowerBounds = lower,
            UpperBounds = upper,
        };
    }

    /// <summary>Reads the Bloom filters of columns in a row group.</summary>
    /// <param name="group">Index of the row group.</param>
    /// <param name="fields">Fields of the columns.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The filters by the id of their field; columns without a filter that can be used are left out.</returns>
    public async Task<IReadOnlyDictionary<int, RowGroupBloom>> BloomsOfAsync(
        int group, IEnumerable<NestedField> fields, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, RowGroupBloom>();
        var ids = fields.Select(f => f.Id).ToHashSet();
        List<FileColumn> columns = [.. Columns.Where(c => ids.Contains(c.Field.Id) && HasBloom(group, c))];
        if (columns.Count == 0) return found;
        var stream = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var blooms = new FileBlooms(stream, Footer);
            foreach (var column in columns)
            {
                if (await blooms.FindAsync(group, column.Field.Id, column.Type, cancellationToken).ConfigureAwait(false) is { } bloom)
                    found[column.Field.Id] = bloom;
            }
        }

        return found;
    }

    private bool HasBloom(int group, FileColumn column) =>
        column.Element is not null && Footer.RowGroups[group].Columns[column.Leaf].BloomFilterOffset is not null;

    /// <summary>True for an error of the pages or of the length of the file.</summary>
    public static bool IsDamage(Exception error) => error is FormatException or EndOfStreamException;

    /// <summary>The error that the file is damaged.</summary>
    public IcebergException Damaged(Exception error) => Damaged(File, error);

    private static IcebergException Damaged(DataFile file, Exception error) => error is ParquetFormatException format
        ? IcebergException.Corrupt(file.FilePath, format.Problem, format.Offset, error)
        : IcebergException.Corrupt(file.FilePath, error.Message.TrimEnd('.'), null, error);

    private static async Task<ParquetFooter> FooterAsync(IFileIO files, DataFile file, CancellationToken cancellationToken)
    {
        var stream = await files.OpenAsync(file.FilePath, file.FileSizeInBytes, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                return await ParquetFooter.ReadAsync(stream, file.FilePath, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (IsDamage(error))
            {
                throw Damaged(file, error);
            }
        }
    }
}
