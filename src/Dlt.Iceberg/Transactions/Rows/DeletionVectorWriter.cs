using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// Writes deletion vectors of tables of format version 3, each in a file of its own (docs/spec/iceberg.md 1.4). A data file has one vector
/// at most, so a new one contains all older deletes of the file and replaces them.
/// </summary>
/// <param name="table">The table of the data files.</param>
internal sealed class DeletionVectorWriter(Table table)
{
    /// <summary>Writes the vector of one data file.</summary>
    /// <param name="target">The data file.</param>
    /// <param name="positions">Positions of all deleted rows, in any order; the first row of the file has position 0.</param>
    /// <param name="number">Number of the vector within the change, part of its name.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    public async Task<DataFile> WriteAsync(
        ManifestEntry target, IEnumerable<long> positions, int number, CancellationToken cancellationToken)
    {
        List<long> sorted = [.. positions.Distinct().Order()];
        var vector = VectorBytes.Of(sorted);
        var content = PuffinFile.Of(vector, target.File.FilePath, sorted.Count);
        var name = string.Create(CultureInfo.InvariantCulture, $"00000-{Guid.NewGuid():D}-{number:00000}-deletes.puffin");
        var location = DataLocations.Of(table.Metadata, target.File.SpecId, target.File.Partition, name);
        await table.Files.WriteAsync(location, content, cancellationToken).ConfigureAwait(false);
        return new()
        {
            Content = FileContent.PositionDeletes,
            FilePath = location,
            FileFormat = "PUFFIN",
            SpecId = target.File.SpecId,
            Partition = target.File.Partition,
            RecordCount = sorted.Count,
            FileSizeInBytes = content.Length,
            ReferencedDataFile = target.File.FilePath,
            ContentOffset = PuffinFile.VectorOffset,
            ContentSizeInBytes = vector.Length,
            TableUuid = table.Metadata.TableUuid,
        };
    }
}
