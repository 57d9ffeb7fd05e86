using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Catalogs;

/// <summary>
/// Our requests to Glue, compared with those of Spark and PyIceberg for the same tables and changes (glue-spark.json and
/// glue-pyiceberg.json of the golden folder; docs/spec/iceberg.md 7.3).
/// </summary>
public sealed partial class GlueRequestTests : IDisposable
{
    private static readonly PrimitiveType Int = new(PrimitiveKind.Int);
    private static readonly PrimitiveType Text = new(PrimitiveKind.String);

    private readonly TempFolder _folder = new();
    private readonly List<GlueTableInput> _sent = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Glue_gets_columns_of_all_types_and_other_folders_as_from_spark()
    {
        var schema = new Schema(
        [
            new(1, "id", new PrimitiveType(PrimitiveKind.Long), IsRequired: true) { Doc = "the id" },
            new(2, "name", Text), new(3, "ts", new PrimitiveType(PrimitiveKind.TimestampTz)),
            new(4, "tn", new PrimitiveType(PrimitiveKind.Timestamp)),
            new(5, "amount", PrimitiveType.Decimal(12, 2)), new(6, "bin", new PrimitiveType(PrimitiveKind.Binary)),
            new(7, "dt", new PrimitiveType(PrimitiveKind.Date)),
            new(8, "st", new StructType([new(10, "a", Int), new(11, "b", new ListType(12, new PrimitiveType(PrimitiveKind.Float)))])),
            new(9, "m", new MapType(13, Text, 14, new PrimitiveType(PrimitiveKind.Boolean))),
        ]);
        await (await CatalogAsync()).CreateTableAsync(
            new("sales", "orders"), schema, properties: new Dictionary<string, string>
            {
                ["comment"] = "my orders",
                ["write.data.path"] = "s3://golden/gluecap-spark/elsewhere",
            }, cancellationToken: Cancellation);
        Assert.Equal(Spark("orders"), _sent.Select(Told));
    }

    [Fact]
    public async Task Glue_gets_every_change_of_a_table_as_from_spark()
    {
        var table = await (await CatalogAsync()).CreateTableAsync(
            new("sales", "small"), new Schema([new(1, "id", Int), new(2, "p", Text), new(3, "v", Text)]), cancellationToken: Cancellation);
        await using (var writer = new DataFileWriter(table))
        {
            await writer.AddAsync([1, "a", "b"], Cancellation);
            table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        }

        table = await table.NewTransaction().UpdateSchema(s => s.AddColumn("extra", Int, "why")).CommitAsync(Cancellation);
        table = await table.NewTransaction().UpdateSchema(s => s.RenameColumn("v", "vee")).CommitAsync(Cancellation);
        table = await table.NewTransaction().UpdateSchema(s => s.DropColumn("p")).CommitAsync(Cancellation);
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["comment"] = "changed" }).CommitAsync(Cancellation);
        Assert.Equal(Spark("small").Take(6), _sent.Select(Told));
    }

    [Fact]
    public async Task Glue_gets_every_change_of_a_table_as_from_pyiceberg_except_for_properties()
    {
        var table = await (await CatalogAsync("pyiceberg"))
            .CreateTableAsync(new("sales", "small"), new Schema([new(1, "id", Int), new(2, "p", Text), new(3, "v", Text)]),
                cancellationToken: Cancellation);
        await using (var writer = new DataFileWriter(table))
        {
            await writer.AddAsync([1, "a", "b"], Cancellation);
            table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        }

        table = await table.NewTransaction().UpdateSchema(s => s.AddColumn("extra", Int, "why").RenameColumn("v", "vee").DropColumn("p"))
            .CommitAsync(Cancellation);
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["a"] = "b" }).CommitAsync(Cancellation);
        Assert.Equal(Recorded("pyiceberg", "small").Take(4).Select(t => Told(WithoutProperties(t))),
            _sent.Select(t => Told(WithoutProperties(t))));
    }

    [Fact]
    public async Task Glue_gets_columns_of_all_types_as_from_pyiceberg()
    {
        var schema = new Schema(
        [
            new(1, "id", new PrimitiveType(PrimitiveKind.Long), IsRequired: true) { Doc = "the id" },
            new(2, "Name", Text), new(3, "ts", new PrimitiveType(PrimitiveKind.TimestampTz)),
            new(4, "tn", new PrimitiveType(PrimitiveKind.Timestamp)),
            new(5, "amount", PrimitiveType.Decimal(12, 2)), new(6, "u", new PrimitiveType(PrimitiveKind.Uuid)),
            new(7, "fx", PrimitiveType.Parse("fixed[4]")), new(8, "tm", new PrimitiveType(PrimitiveKind.Time)),
            new(9, "st", new StructType([new(11, "a", Int), new(12, "b", new ListType(13, new PrimitiveType(PrimitiveKind.Float)))])),
            new(10, "m", new MapType(14, Text, 15, new PrimitiveType(PrimitiveKind.Boolean))),
        ]);
        await (await CatalogAsync("pyiceberg")).CreateTableAsync(new("sales", "orders"), schema, cancellationToken: Cancellation);
        Assert.Equal(Recorded("pyiceberg", "orders").Take(1).Select(t => Told(WithoutProperties(t))),
            _sent.Select(t => Told(WithoutProperties(t))));
    }

    private async Task<GlueCatalog> CatalogAsync(string engine = "spark")
    {
        var account = new LocalAthena(_folder.Path);
        Directory.CreateDirectory(_folder.File("s3", "golden"));
        await account.Glue.CreateDatabaseAsync(new() { Name = "sales", LocationUri = $"s3://golden/gluecap-{engine}/sales.db" },
            Cancellation);
        return new GlueCatalog(
            Steps.Intercept(
                account.Glue,
                (_, given, call) =>
                {
                    _sent.AddRange(given.OfType<GlueTableInput>());
                    return call();
                }),
            account.Objects);
    }

    private static IEnumerable<string> Spark(string table) => Recorded("spark", table).Select(Told);

    /// <summary>The definitions that an engine's requests had, in order.</summary>
    private static List<GlueTableInput> Recorded(string engine, string table)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(Tool.Repository, "tests", "golden", "iceberg.zip"));
        using var text = new StreamReader(zip.Entries.Single(e => e.Name == $"glue-{engine}.json").Open());
        return [.. JsonParser.Parse(text.ReadToEnd())["calls"]!.Items
            .Where(c => c["operation"] is { Kind: JsonKind.String } operation && operation.AsString() is "CreateTable"
                or "UpdateTable" && c["status"]!.AsInt64() == 200)
            .Select(c => GlueJson.ReadTable(JsonText.Write(c["request"]!["TableInput"]!))).Where(t => t.Name == table)];
    }

    /// <summary>
    /// PyIceberg copies the properties of a table to its definition, and leaves the description and further folders out; Java does it the
    /// other way round, and so do we.
    /// </summary>
    private static GlueTableInput WithoutProperties(GlueTableInput table) => table with
    {
        Description = null,
        Parameters = table.Parameters!.Where(
            p => p.Key is "table_type" or "metadata_location" or "previous_metadata_location").ToImmutableSortedDictionary(),
    };

    /// <summary>
    /// The definition as text, without what differs by chance or by choice: ids in names, partition keys (we send an empty list), an empty
    /// list of further locations.
    /// </summary>
    private static string Told(GlueTableInput table)
    {
        var storage = table.StorageDescriptor!
            with
        { AdditionalLocations = table.StorageDescriptor.AdditionalLocations is { IsEmpty: false } more ? more : null };
        return ChanceIds().Replace(GlueJson.Write(table with { PartitionKeys = null, StorageDescriptor = storage }), "*");
    }

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex ChanceIds();
}
