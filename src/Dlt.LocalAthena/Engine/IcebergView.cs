using System.Globalization;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Sql;
using Dlt.Storage;

namespace Dlt.Local;

/// <summary>
/// An Iceberg table for DuckDB: its current snapshot, columns by field id. Files that are only rows are read by DuckDB itself; rows of
/// files with deletes, of other formats and of nested columns come through the library.
/// </summary>
internal static class IcebergView
{
    /// <summary>Statements that make the table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="objects">Where its files are.</param>
    /// <param name="files">Checks where they lie.</param>
    /// <param name="name">Its quoted name.</param>
    /// <param name="session">Where the table is made.</param>
    /// <param name="spillFile">A file of the account that nobody uses; it is deleted.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IcebergException">The table is damaged, or has a feature that is not read.</exception>
    public static async Task CreateAsync(
        GlueTable table, FolderObjectStore objects, AccountFiles files, string name, DuckSession session,
        string spillFile, CancellationToken cancellationToken)
    {
        if (table.Definition.Parameters?.TryGetValue("metadata_location", out var location) != true)
            throw new DltException($"Iceberg table '{table.DatabaseName}.{table.Name}' has no metadata_location.");
        files.PathOf(location!);
        var opened = await Table.OpenAsync(objects, location!, cancellationToken).ConfigureAwait(false);
        var scan = opened.Scan();
        var isNested = scan.Schema.Fields.Any(f => f.Type is not PrimitiveType)
            || opened.Metadata.Properties.ContainsKey("schema.name-mapping.default");
        var plain = new List<string>();
        var others = new List<ScanTask>();
        await foreach (var task in scan.PlanFilesAsync(cancellationToken).ConfigureAwait(false))
        {
            var path = files.PathOf(task.File.FilePath);
            if (!isNested && task.File.FileFormat == "PARQUET" && !task.Deletes.Any()) plain.Add(session.Allow(path));
            else others.Add(task);
        }

        var columns = string.Join(
            ", ", scan.Schema.Fields.Select(f => $"CAST(NULL AS {TypeOf(f.Type)}) AS {DuckIdentifier.Quote(f.Name)}"));
        var select = $"SELECT {columns} WHERE false";
        if (plain.Count > 0)
            select += $" UNION ALL BY NAME SELECT * FROM read_parquet([{string.Join(", ", plain.Select(DuckIdentifier.Literal))}], "
                + $"hive_partitioning = false, schema = {SchemaOf(scan.Schema)})";
        if (others.Count == 0)
        {
            session.Execute($"CREATE VIEW {name} AS {select}");
            return;
        }

        try
        {
            await WriteRowsAsync(scan, others, spillFile, cancellationToken).ConfigureAwait(false);
            var types = string.Join(
                ", ", scan.Schema.Fields.Select(f => $"{DuckIdentifier.Literal(f.Name)}: {DuckIdentifier.Literal(JsonTypeOf(f.Type))}"));
            var values = string.Join(", ", scan.Schema.Fields.Select(f => $"{FromJson(f)} AS {DuckIdentifier.Quote(f.Name)}"));
            session.Execute($"CREATE TABLE {name} AS {select} UNION ALL BY NAME SELECT {values} FROM "
                + $"read_json({DuckIdentifier.Literal(spillFile)}, format = 'newline_delimited', maximum_object_size = 1073741824, columns "
                + $"= {{{types}}})");
        }
        finally
        {
            File.Delete(spillFile);
        }
    }

    private static string SchemaOf(Schema schema) => $"MAP {{{string.Join(", ", schema.Fields.Select(EntryOf))}}}";

    private static string EntryOf(NestedField field)
    {
        var (name, type) = (DuckIdentifier.Literal(field.Name), DuckIdentifier.Literal(TypeOf(field.Type)));
        return string.Create(CultureInfo.InvariantCulture, $"{field.Id}: {{name: {name}, type: {type}, default_value: NULL}}");
    }

    private static string TypeOf(IcebergType type) => DuckTypeName.Of(IcebergColumnType.Of(type));

    /// <summary>Bytes are base64 in JSON.</summary>
    private static string JsonTypeOf(IcebergType type) =>
        type is PrimitiveType { Kind: PrimitiveKind.Fixed or PrimitiveKind.Binary } ? "VARCHAR" : TypeOf(type);

    private static string FromJson(NestedField field) =>
        field.Type is PrimitiveType { Kind: PrimitiveKind.Fixed or PrimitiveKind.Binary }
            ? $"from_base64({DuckIdentifier.Quote(field.Name)})" : DuckIdentifier.Quote(field.Name);

    private static async Task WriteRowsAsync(TableScan scan, List<ScanTask> tasks, string path, CancellationToken cancellationToken)
    {
        var reader = new ScanReader(scan, new ParquetDataFileReader());
        var output = new StreamWriter(path);
        await using (output.ConfigureAwait(false))
        {
            foreach (var task in tasks)
            {
                await foreach (var rows in reader.ReadAsync(task, cancellationToken).ConfigureAwait(false))
                    foreach (var row in rows)
                        await output.WriteLineAsync(JsonText.Write(ValueJson.Of(scan.Schema.Struct, row)).AsMemory(), cancellationToken)
                            .ConfigureAwait(false);
            }
        }
    }
}
