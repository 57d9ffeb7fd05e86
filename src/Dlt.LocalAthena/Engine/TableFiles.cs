using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Local;

/// <summary>A file of an external table.</summary>
/// <param name="Location">Location of the object.</param>
/// <param name="Values">Values of the table's partition keys; null for Hive's default partition.</param>
internal sealed record TableFile(string Location, ImmutableArray<string?> Values);

/// <summary>
/// Lists the objects of an external table that Athena reads, which excludes hidden and empty ones. A table with partition projection reads
/// all partitions below its location; any other partitioned table reads the partitions that the catalog lists, with their values there.
/// </summary>
/// <param name="glue">Catalog of the partitions.</param>
/// <param name="account">Files of the account.</param>
internal sealed class TableFiles(IGlueCatalog glue, AccountFiles account)
{
    private const string Projection = "projection.enabled";

    /// <summary>Lists the files of a table.</summary>
    /// <exception cref="DltException">A file of a table with partition projection is not in a partition.</exception>
    public async Task<IReadOnlyList<TableFile>> ListAsync(GlueTable table, CancellationToken cancellationToken)
    {
        List<string> keys = [.. (table.Definition.PartitionKeys ?? []).Select(k => k.Name)];
        var isProjected = table.Definition.Parameters?.GetValueOrDefault(Projection)?.Equals("true", StringComparison.OrdinalIgnoreCase);
        var files = new List<TableFile>();
        if (keys.Count == 0 || isProjected == true)
        {
            await foreach (var (file, path) in ListAsync(table.Location, keys, cancellationToken).ConfigureAwait(false))
                files.Add(new(file, [.. ValuesOf(table, keys, file, path).Select(Value)]));
            return files;
        }

        await foreach (var partition in glue.GetPartitionsAsync(table.DatabaseName, table.Name, cancellationToken).ConfigureAwait(false))
        {
            ImmutableArray<string?> values = [.. partition.Values.Select(Value)];
            var location = partition.StorageDescriptor?.Location ?? "";
            await foreach (var (file, _) in ListAsync(location, [], cancellationToken).ConfigureAwait(false)) files.Add(new(file, values));
        }

        return files;
    }

    /// <summary>
    /// Lists the visible files of a folder, with their paths in it. Folders of partitions are visible whatever their names.
    /// </summary>
    private async IAsyncEnumerable<(string File, string Path)> ListAsync(
        string location, IReadOnlyList<string> keys,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (location.Length == 0) yield break;
        var folder = ObjectLocation.Parse(location.TrimEnd('/'));
        var prefix = folder.Key.Length == 0 ? "" : folder.Key + "/";
        bool IsHidden(string part) => (part.StartsWith('_') || part.StartsWith('.'))
            && !keys.Any(k => part.StartsWith(k + "=", StringComparison.OrdinalIgnoreCase));
        await foreach (var found in account.ListAsync(folder, prefix, cancellationToken).ConfigureAwait(false))
        {
            var path = found.Location.Key[prefix.Length..];
            if (found.Size > 0 && !path.Split('/').Any(IsHidden)) yield return (found.Location.ToString(), path);
        }
    }

    private static ImmutableArray<string> ValuesOf(GlueTable table, IReadOnlyList<string> keys, string file, string path)
    {
        if (keys.Count == 0) return [];
        return HivePath.ValuesOf(keys, path) ?? throw new DltException(
            $"Table '{table.DatabaseName}.{table.Name}' has the partition keys {string.Join(", ", keys.Select(k => $"'{k}'"))}, and the "
            + $"path of '{file}' lacks a folder such as '{keys[0]}=…' for one of them. Nothing was read. Move the file into the folder of "
            + "its partition, or out of the table's folder.");
    }

    private static string? Value(string value) => value == HivePath.DefaultPartition ? null : value;
}
