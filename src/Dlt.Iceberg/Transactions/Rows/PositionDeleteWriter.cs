using System.Globalization;
using System.Text;
using Dlt.Internal;

namespace Dlt.Iceberg;

/// <summary>Writes position delete files, each for one data file and in its partition (docs/spec/iceberg.md 5.7).</summary>
/// <param name="table">The table of the data files.</param>
internal sealed class PositionDeleteWriter(Table table)
{
    private const int FilePathId = 2147483546;
    private const int PositionId = 2147483545;

    private static readonly Schema FileSchema = new([
        new(FilePathId, "file_path", new PrimitiveType(PrimitiveKind.String), true),
        new(PositionId, "pos", new PrimitiveType(PrimitiveKind.Long), true)]);

    /// <summary>Writes the delete file of one data file.</summary>
    /// <param name="target">The data file.</param>
    /// <param name="positions">Positions of the deleted rows, ascending; the first row of the file has position 0.</param>
    /// <param name="number">Number of the delete file within the change, part of its name.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    public async Task<DataFile> WriteAsync(ManifestEntry target, List<long> positions, int number, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"00000-{Guid.NewGuid():D}-{number:00000}-deletes.parquet");
        var location = DataLocations.Of(table.Metadata, target.File.SpecId, target.File.Partition, name);
        var path = Path.Combine(TemporaryFolder.OfProcess, name);
        try
        {
            PositionDeleteFile.Write(path, FileSchema, positions.Select(p => new object?[] { target.File.FilePath, p }).ToList());
            await table.Files.UploadAsync(location, path, cancellationToken).ConfigureAwait(false);
            var length = new FileInfo(path).Length;
            var described = new ParquetFile(path).Describe(
                location, length, FileSchema, table.Metadata, target.File.SpecId, target.File.Partition);
            return described with
            {
                Content = FileContent.PositionDeletes,
                ReferencedDataFile = target.File.FilePath,
                SortOrderId = null,
                ValueCounts = null,
                NullValueCounts = null,
                LowerBounds = Bounds(target.File.FilePath, positions.Min()),
                UpperBounds = Bounds(target.File.FilePath, positions.Max()),
            };
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Dictionary<int, byte[]> Bounds(string filePath, long position) => new()
    {
        [FilePathId] = Encoding.UTF8.GetBytes(filePath),
        [PositionId] = SingleValue.Encode(new(PrimitiveKind.Long), position)!,
    };
}
