using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Lake;

/// <summary>A change of a table in Glue keeps members that this library does not know, also those that AWS adds later.</summary>
public sealed class GlueMemberTests : IDisposable
{
    private const string Answer = """
        {"Name":"items","DatabaseName":"ds","CreateTime":1.7e9,"UpdateTime":1.7e9,"CreatedBy":"me","CatalogId":"1","VersionId":"4",
         "IsRegisteredWithLakeFormation":false,"IsMultiDialectView":false,
         "LastAccessTime":1.6e9,"LaterMember":{"a":[1]},"TableType":"EXTERNAL_TABLE","Parameters":{"owner_team":"sales"},"PartitionKeys":[],
         "StorageDescriptor":{
          "Columns":[{"Name":"id","Type":"bigint","Later":"x","Parameters":{"p":"q"}},{"Name":"gone","Type":"string"}],
          "Location":"s3://lake/ds/items/","SortColumns":[{"Column":"id","SortOrder":1}],
          "SkewedInfo":{"SkewedColumnNames":["id"]},"SerdeInfo":{"Name":"mine","SerializationLibrary":"x","Later":1},
          "SchemaReference":{"SchemaVersionNumber":1}}}
        """;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Unknown_members_are_written_back_with_our_changes()
    {
        var read = GlueJson.ReadTable(Answer);
        var storage = read.StorageDescriptor!;
        var written =
            JsonParser.Parse(
                GlueJson.Write(read with { StorageDescriptor = storage with { Columns = [storage.Columns[0], new("late", "string")] } }));
        Assert.Equal(
            """[{"Name":"id","Type":"bigint","Parameters":{"p":"q"},"Later":"x"},{"Name":"late","Type":"string"}]""",
            written["StorageDescriptor"]!["Columns"]!.ToString());
        Assert.Equal("""[{"Column":"id","SortOrder":1}]""", written["StorageDescriptor"]!["SortColumns"]!.ToString());
        Assert.Equal(
            "mine 1",
                $"{written["StorageDescriptor"]!["SerdeInfo"]!["Name"]!.AsString()} "
                + $"{written["StorageDescriptor"]!["SerdeInfo"]!["Later"]}");
        Assert.NotNull(written["StorageDescriptor"]!["SkewedInfo"]);
        Assert.NotNull(written["StorageDescriptor"]!["SchemaReference"]);
        Assert.Equal("""{"a":[1]}""", written["LaterMember"]!.ToString());
        Assert.NotNull(written["LastAccessTime"]);
        foreach (var answered in new[] { "DatabaseName", "CreateTime", "UpdateTime", "CreatedBy", "CatalogId", "VersionId",
            "IsRegisteredWithLakeFormation", "IsMultiDialectView" }) Assert.Null(written[answered]);
    }

    [Fact]
    public void A_member_that_we_know_and_leave_out_is_gone()
    {
        var read = GlueJson.ReadTable("""{"Name":"items","Description":"old","Owner":"me"}""");
        Assert.Equal("""{"Name":"items","Owner":"me"}""", GlueJson.Write(read with { Description = null }));
    }

    [Theory, InlineData("hive"), InlineData("iceberg")]
    public async Task A_load_with_a_new_column_leaves_the_rest_of_the_tables_definition(string format)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { TableFormat = Some.Format(format) };
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":1}"""));
        await SetAsync(account, d => d
            .With("LaterMember", JsonValue.String("kept"))
            .With("StorageDescriptor", d["StorageDescriptor"]!.With("SortColumns", JsonParser.Parse("""[{"Column":"id","SortOrder":1}]""")))
            .With("Parameters", (d["Parameters"] ?? JsonValue.EmptyObject).With("owner_team", JsonValue.String("sales"))));
        await new Machine(account).RunAsync(Some.Resource("items", hints, """{"id":2,"late":1}"""));
        var stored = await DefinitionAsync(account);
        Assert.Equal("kept", stored["LaterMember"]!.AsString());
        Assert.Equal("""[{"Column":"id","SortOrder":1}]""", stored["StorageDescriptor"]!["SortColumns"]!.ToString());
        Assert.Equal("sales", stored["Parameters"]!["owner_team"]!.AsString());
        Assert.Contains("late", stored["StorageDescriptor"]!["Columns"]!.Items.Select(c => c["Name"]!.AsString()));
        Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
    }

    private static async Task<JsonValue> DefinitionAsync(LocalAthena account) =>
        JsonParser.Parse(GlueJson.Write((await account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition));

    /// <summary>Changes the definition as another client of the catalog would.</summary>
    private static async Task SetAsync(LocalAthena account, Func<JsonValue, JsonValue> change)
    {
        var changed = GlueJson.ReadTable(change(await DefinitionAsync(account)));
        await account.Glue.UpdateTableAsync("ds", changed, cancellationToken: Cancellation);
    }
}
