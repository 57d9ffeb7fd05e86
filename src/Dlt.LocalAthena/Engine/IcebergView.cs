using System.Globalization;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Sql;
using Dlt.Storage;

namespace Dlt.Local;

/// <summary>
/// Makes the current snapshot of an Iceberg table available to DuckDB, with columns by field id. DuckDB itself reads Parquet files without
/// deletes; the library reads files with deletes, of other formats or with nested columns.
/// </summary>
internal static class IcebergView
{
    /// <summary>Creates a view or table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="objects">Object store of its files.</param>
    /// <param name="files">Resolves its files and refuses links.</param>
    /// <param name="name">Quoted name of the view or table.</param>
    /// <param name="session">Session to create it in.</param>
    /// <param name="spillFile">Path of a temporary file in the account; it is deleted.</param>
    /// <param name="cancellationToken">Stops the creation.</param>
    /// <exception cref="IcebergException">The table is damaged or has a feature that is not supported.</exception>
    public static async Task CreateAsync(
        GlueTable table, FolderObjectStore objects, AccountFiles files, string name, DuckSession session,
        string spillFile, CancellationToken cancellationToken)
    {
        if (table.Definition.Parameters?.TryGetValue("metadata_location", out var location) != true)
            throw new DltException($"Iceberg table '{table.DatabaseName}.{table.Name}' has no metadata_location. Nothing was read.");
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
        {
            var list = string.Join(", ", plain.Select(DuckIdentifier.Literal));
            var schema = SchemaOf(scan.Schema);
            select += $" UNION ALL BY NAME SELECT * FROM read_parquet([{list}], hive_partitioning = false, schema = {schema})";
        }

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
            var options = $"format = 'newline_delimited', maximum_object_size = 1073741824, columns = {{{types}}}";
            var rows = $"SELECT {values} FROM read_json({DuckIdentifier.Literal(spillFile)}, {options})";
            session.Execute($"CREATE TABLE {name} AS {select} UNION ALL BY NAME {rows}");
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

    /// <summary>The type of a column in JSON, where bytes are base64 texts.</summary>
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
