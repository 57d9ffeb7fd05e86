using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Checks the data files that a transaction adds: each is added once, and each was written for this table.</summary>
/// <param name="table">The table that the files are added to.</param>
internal sealed class AddedFileCheck(Table table)
{
    private readonly HashSet<string> _locations = new(StringComparer.Ordinal);

    /// <summary>Returns the files if all of them can be added.</summary>
    /// <exception cref="IcebergException">A file was written for another table or another partition spec, or is added twice. Nothing was
    /// written.</exception>
    public ImmutableArray<DataFile> Checked(IEnumerable<DataFile> files)
    {
        ImmutableArray<DataFile> all = [.. files];
        foreach (var file in all)
        {
            if (!_locations.Add(file.FilePath))
            {
                throw IcebergException.Illegal(
                    $"{file.FilePath} is added twice in one transaction, which would double its rows. Add it once.");
            }

            if (file.TableUuid is { } uuid && table.Metadata.TableUuid is { } own && uuid != own)
            {
                throw IcebergException.Illegal(
                    $"{file.FilePath} was written for another table (uuid {uuid}), not for '{table.Name}' (uuid {own}). Its columns may "
                    + $"have other ids. Write the rows with a DataFileWriter of '{table.Name}'.");
            }

            if (table.Metadata.SpecOf(file.SpecId) is { } spec && spec.Fields.Length != file.Partition.Length)
            {
                throw IcebergException.Illegal(
                    $"{file.FilePath} has {file.Partition.Length} partition values, but partition spec {file.SpecId} of table "
                    + $"'{table.Name}' has {spec.Fields.Length} fields. Write the rows with a DataFileWriter of the table.");
            }
        }

        return all;
    }
}
