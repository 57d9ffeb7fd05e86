using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Sql;
using Dlt.Storage;

namespace Dlt.Local;

/// <summary>
/// Runs statements that make, change or drop databases and tables, with the texts of Athena's failures. A dropped table leaves its objects,
/// as an external table does on AWS; those of an Iceberg table are removed by the load that drops it.
/// </summary>
/// <param name="glue">Catalog of the tables.</param>
/// <param name="objects">Object store of the files.</param>
internal sealed class DdlRunner(IGlueCatalog glue, IObjectStore objects)
{
    private const string Catalog = "awsdatacatalog";
    private const int MaxAttempts = 20;
    private const string InputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
    private const string OutputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
    private const string SerDe = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

    private static readonly ImmutableArray<string> PropertiesOfStatement = ["table_type", "format", "write_compression"];

    /// <summary>Runs a statement.</summary>
    /// <exception cref="AthenaQueryException">The statement failed. Nothing was changed.</exception>
    public async Task RunAsync(DdlStatement statement, CancellationToken cancellationToken)
    {
        if (statement.Catalog != Catalog)
            throw new AthenaQueryException("CATALOG_NOT_FOUND", $"Catalog '{statement.Catalog}' does not exist");
        try
        {
            await (statement switch
            {
                DdlStatement.CreateDatabase s =>
                    glue.CreateDatabaseAsync(new() { Name = s.Database, LocationUri = s.Location }, cancellationToken),
                DdlStatement.DropDatabase s => glue.DeleteDatabaseAsync(s.Database, cancellationToken),
                DdlStatement.CreateExternal s => glue.CreateTableAsync(s.Database, Defined(s), cancellationToken),
                DdlStatement.CreateIceberg s => CreateAsync(s, cancellationToken),
                DdlStatement.AddColumns s => AddAsync(s, cancellationToken),
                DdlStatement.DropTable s => DropAsync(s, cancellationToken),
                _ => throw new InvalidOperationException($"{statement.GetType().Name} is not run."),
            }).ConfigureAwait(false);
        }
        catch (GlueException error) when (!error.IsTransient)
        {
            throw Failed($"{error.ErrorCode}(message:{error.Message})", error);
        }
        catch (IcebergException error) when (error.Error == IcebergError.Conflict)
        {
            var message = $"Failed to commit Iceberg update. {error.Message}";
            throw new AthenaQueryException("ICEBERG_COMMIT_ERROR", message, innerException: error) { IsTransient = true };
        }
        catch (IcebergException error)
        {
            var code = error.Error == IcebergError.AlreadyExists ? "AlreadyExistsException" : error.Error.ToString();
            throw Failed($"{code}(message:{error.Message})", error);
        }
    }

    private static AthenaQueryException Failed(string reason, Exception? inner = null) => new(
        "QUERY_FAILED", $"FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. {reason}",
        innerException: inner);

    private static GlueTableInput Defined(DdlStatement.CreateExternal statement) => new()
    {
        Name = statement.Table,
        TableType = "EXTERNAL_TABLE",
        Parameters = statement.Properties.SetItem("EXTERNAL", "TRUE"),
        PartitionKeys = [.. statement.PartitionKeys.Select(Checked)],
        StorageDescriptor = new()
        {
            Columns = [.. statement.Columns.Select(Checked)],
            Location = statement.Location,
            InputFormat = InputFormat,
            OutputFormat = OutputFormat,
            Compressed = false,
            NumberOfBuckets = -1,
            SerdeInfo = new()
            {
                SerializationLibrary = SerDe,
                Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("serialization.format", "1"),
            },
            BucketColumns = [],
            Parameters = ImmutableSortedDictionary<string, string>.Empty,
            StoredAsSubDirectories = false,
        },
    };

    private static GlueColumn Checked(GlueColumn column)
    {
        TypeOf(column);
        return column;
    }

    private static AthenaType TypeOf(GlueColumn column)
    {
        try
        {
            return AthenaTypeParser.ParseHive(column.Type);
        }
        catch (AthenaTypeFormatException error)
        {
            throw new AthenaQueryException(
                "SYNTAX_ERROR", $"Column '{column.Name}' has no type of Athena: {Failure.Sentence(error)} Nothing was run.",
                innerException: error);
        }
    }

    private async Task CreateAsync(DdlStatement.CreateIceberg statement, CancellationToken cancellationToken)
    {
        var existing = await glue.GetTableAsync(statement.Database, statement.Table, cancellationToken).ConfigureAwait(false);
        if (existing is not null && statement.IfNotExists) return;
        var types = new IcebergDdlTypes();
        var schema = new Schema([.. statement.Columns.Select(c => types.FieldOf(c.Name, TypeOf(c)))]);
        var fields = statement.Partitions.Select((p, i) => Partition(p, schema, i));
        var properties = statement.Properties.RemoveRange(PropertiesOfStatement);
        if (properties.GetValueOrDefault("format-version") is not (null or "2"))
            throw new AthenaQueryException("NOT_SUPPORTED", "Athena has Iceberg tables of format version 2 only. No table was created.");
        await new GlueCatalog(glue, objects).CreateTableAsync(
            new(statement.Database, statement.Table), schema, new(0, [.. fields]), null, statement.Location, properties,
            cancellationToken).ConfigureAwait(false);
    }

    private static PartitionField Partition(DdlPartition partition, Schema schema, int index)
    {
        const int firstId = 1000;
        var source = schema.Fields.FirstOrDefault(f => f.Name == partition.Column) ?? throw new AthenaQueryException(
            "COLUMN_NOT_FOUND", $"Partition column '{partition.Column}' does not exist");
        var suffix = partition.Transform == Transform.Identity ? "" : "_" + Word(partition.Transform);
        return new(source.Id, firstId + index, source.Name + suffix, partition.Transform);
    }

    /// <summary>Suffix of a partition's name: that of a bucket is short for all widths (docs/spec/iceberg.md 4.5).</summary>
    private static string Word(Transform transform)
    {
        var word = transform.ToString().Split('[')[0];
        return word == "truncate" ? "trunc" : word;
    }

    private async Task AddAsync(DdlStatement.AddColumns statement, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var table = await glue.GetTableAsync(statement.Database, statement.Table, cancellationToken).ConfigureAwait(false)
                ?? throw Failed($"EntityNotFoundException(message:Table {statement.Table} not found)");
            if (statement.Columns.FirstOrDefault(c => table.Columns.Any(k => k.Name == c.Name)) is { } twice)
                throw Failed($"Duplicate column name: {twice.Name}");
            if (table.IsIceberg)
            {
                await AddToIcebergAsync(statement, cancellationToken).ConfigureAwait(false);
                return;
            }

            var storage = table.Definition.StorageDescriptor!;
            var columns = storage.Columns.AddRange(statement.Columns.Select(Checked));
            var definition = table.Definition with { StorageDescriptor = storage with { Columns = columns } };
            try
            {
                await glue.UpdateTableAsync(statement.Database, definition, table.VersionId, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return;
            }
            catch (GlueException error) when (error.IsConflict && attempt < MaxAttempts)
            {
                // Another statement changed the table; it is read again.
            }
        }
    }

    private async Task AddToIcebergAsync(DdlStatement.AddColumns statement, CancellationToken cancellationToken)
    {
        var table = await new GlueCatalog(glue, objects).LoadTableAsync(new(statement.Database, statement.Table), cancellationToken)
            .ConfigureAwait(false);
        void Add(SchemaUpdate update)
        {
            var types = new IcebergDdlTypes();
            foreach (var column in statement.Columns) update.AddColumn([column.Name], types.FieldOf(column.Name, TypeOf(column)).Type);
        }

        await table.NewTransaction().UpdateSchema(Add).CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task DropAsync(DdlStatement.DropTable statement, CancellationToken cancellationToken)
    {
        try
        {
            await glue.DeleteTableAsync(statement.Database, statement.Table, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound && statement.IfExists)
        {
            // The statement asks for no table of that name.
        }
    }
}
