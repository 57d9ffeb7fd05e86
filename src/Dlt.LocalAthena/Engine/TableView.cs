using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Local;

/// <summary>The DuckDB view of a catalog table: all files under its location, cast to the declared types, columns by name (as Athena reads external tables).</summary>
internal static class TableView
{
    private const string ParquetSerDe = "ParquetHiveSerDe";

    /// <returns>The SELECT of the view.</returns>
    /// <exception cref="DltException">The table's format is not supported.</exception>
    public static string Select(GlueTable table, FolderObjectStore objects, IReadOnlyList<string> files)
    {
        var columns = table.Columns.Concat(table.Definition.PartitionKeys ?? []).ToList();
        var serde = table.Definition.StorageDescriptor?.SerdeInfo?.SerializationLibrary ?? "";
        if (!serde.EndsWith(ParquetSerDe, StringComparison.Ordinal)) throw new DltException($"Table '{table.DatabaseName}.{table.Name}' has the SerDe '{serde}', which the local Athena cannot read yet.");

        var nulls = string.Join(", ", columns.Select(c => $"CAST(NULL AS {HiveColumnType.ToDuck(c.Type)}) AS {DuckIdentifier.Quote(c.Name)}"));
        if (files.Count == 0) return $"SELECT {nulls} WHERE false";

        // The empty relation in front names every declared column, so that files may lack some and have others in another order.
        var list = string.Join(", ", files.Select(f => DuckIdentifier.Literal(Path.Combine(objects.PathOf(ObjectLocation.Parse(f))))));
        var casts = string.Join(", ", columns.Select(c => $"CAST({DuckIdentifier.Quote(c.Name)} AS {HiveColumnType.ToDuck(c.Type)}) AS {DuckIdentifier.Quote(c.Name)}"));
        return $"SELECT {casts} FROM (SELECT {nulls} WHERE false UNION ALL BY NAME SELECT * FROM read_parquet([{list}], union_by_name = true, hive_partitioning = false))";
    }

    /// <summary>Objects that Athena reads: not hidden ones.</summary>
    public static async Task<List<string>> FilesAsync(GlueTable table, FolderObjectStore objects, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        if (table.Location.Length == 0) return files;
        var folder = ObjectLocation.Parse(table.Location);
        var prefix = folder.Key.Length == 0 || folder.Key.EndsWith('/') ? folder.Key : folder.Key + "/";
        await foreach (var found in objects.ListAsync(folder.Bucket, prefix, cancellationToken).ConfigureAwait(false))
        {
            var isHidden = found.Location.Key[prefix.Length..].Split('/').Any(part => part.StartsWith('_') || part.StartsWith('.'));
            if (!isHidden && found.Size > 0) files.Add(found.Location.ToString());
        }

        return files;
    }
}
