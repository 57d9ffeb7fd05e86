using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Data files that a transaction adds: each once, and none that was written for another table.</summary>
/// <param name="table">The table that they are added to.</param>
internal sealed class AddedFileCheck(Table table)
{
    private readonly HashSet<string> _locations = new(StringComparer.Ordinal);

    /// <summary>The files, when the table can have them.</summary>
    /// <exception cref="IcebergException">One was written for another table or another partition spec, or is added twice. Nothing was
    /// written.</exception>
    public ImmutableArray<DataFile> Checked(IEnumerable<DataFile> files)
    {
        ImmutableArray<DataFile> all = [.. files];
        foreach (var file in all)
        {
            if (!_locations.Add(file.FilePath))
                throw IcebergException.Illegal(
                    $"{file.FilePath} is added twice in one transaction, which would double its rows. Add it once.");
            if (file.TableUuid is { } uuid && table.Metadata.TableUuid is { } own && uuid != own)
            {
                throw IcebergException.Illegal(
                    $"{file.FilePath} was written for another table (uuid {uuid}) than '{table.Name}' (uuid {own}), which may give its "
                    + "columns other ids. "
                    + $"Write the rows with a DataFileWriter of '{table.Name}'.");
            }

            if (table.Metadata.SpecOf(file.SpecId) is { } spec && spec.Fields.Length != file.Partition.Length)
            {
                throw IcebergException.Illegal(
                    $"{file.FilePath} has {file.Partition.Length} partition values, and partition spec {file.SpecId} of table "
                    + $"'{table.Name}' has {spec.Fields.Length} fields. "
                    + "Write the rows with a DataFileWriter of the table.");
            }
        }

        return all;
    }
}
