using System.Text;
using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Bookkeeping;

/// <summary>Datasets that Python dlt began (docs/spec/athena-destination.md 2.7, 6.9).</summary>
public sealed class ContinuedDatasetTests : IDisposable
{
    private static readonly ObjectLocation Marker = new("lake", "ds/init");
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("T-21")]
    [InlineData(null, """{"initial_version":2,"current_version":2}""")]
    [InlineData("", """{"initial_version":1,"current_version":2}""")]
    [InlineData("""{"initial_version":1,"current_version":1}""", """{"initial_version":1,"current_version":2}""")]
    [InlineData("""{"initial_version": 1, "current_version": 2}""", """{"initial_version": 1, "current_version": 2}""")]
    public async Task The_marker_of_a_dataset_is_kept_or_migrated(string? before, string after)
    {
        var account = Some.Account(_folder);
        if (before is not null)
            await account.Objects.PutAsync(Marker, Encoding.UTF8.GetBytes(before), cancellationToken: Cancellation);
        await new Machine(account).RunAsync(Some.Resource("items", """{"x":1}"""));
        Assert.Equal(after, Encoding.UTF8.GetString(await account.Objects.GetAsync(Marker, cancellationToken: Cancellation)));
    }

    [Theory, Scenario("T-21")]
    [InlineData("""{"initial_version":2,"current_version":3}""", "a newer dlt wrote it")]
    [InlineData("hello", "is not the marker of a dataset")]
    public async Task A_dataset_of_a_newer_dlt_is_refused_and_nothing_is_written(string marker, string words)
    {
        var account = Some.Account(_folder);
        await account.Objects.PutAsync(Marker, Encoding.UTF8.GetBytes(marker), cancellationToken: Cancellation);
        var error = await Assert.ThrowsAsync<DltException>(() => new Machine(account).RunAsync(Some.Resource("items", """{"x":1}""")));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        var keys = await Machine.KeysAsync(account, "");
        Assert.Equal(["ds/init"], keys.Where(k => !k.StartsWith("ds/_dlt_lease/", StringComparison.Ordinal)));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
    }

    [Fact, Scenario("T-78")]
    public async Task A_staging_dataset_gets_the_columns_and_the_version_of_the_schema()
    {
        var account = Some.Account(_folder);
        await Staging(account).RunAsync(Some.Resource("items", """{"x":1}"""), Cancellation);
        await RunAsync(account, Some.Resource("items", Iceberg, """{"x":1,"y":2}"""), Some.Resource("plain", """{"a":1}"""));

        var items = await account.Glue.GetTableAsync("ds_staging", "items", Cancellation);
        Assert.Equal("x,_dlt_load_id,_dlt_id,y", string.Join(',', items!.Columns.Select(c => c.Name)));
        var version = long.Parse((await Some.ValueAsync(account, "SELECT version FROM _dlt_version"))!);
        var staged = (await Some.QueryAsync(
            account, "SELECT version, \"schema\" FROM _dlt_version WHERE schema_name = 'pipe'", "ds_staging")).Rows;
        Assert.Equal((version + 1).ToString(), Assert.Single(staged)[0]);
        var schema = SchemaJson.FromStoredText(staged[0][1]!);
        Assert.Equal(["items"], schema.DataTables.Select(t => t.Name));
        Assert.Equal(SchemaJson.Hash(schema), schema.VersionHash);
    }

    [Fact, Scenario("T-78")]
    public async Task A_staging_table_that_is_missing_is_created_where_dlt_looks_for_its_files()
    {
        var account = Some.Account(_folder);
        await Staging(account).RunAsync(Some.Resource("other", """{"x":1}"""), Cancellation);
        await RunAsync(account, Some.Resource("items", Iceberg, """{"x":1}"""));

        var items = await account.Glue.GetTableAsync("ds_staging", "items", Cancellation);
        Assert.Equal("s3://lake/ds_staging/items/", items!.Location);
        Assert.False(items.IsIceberg);
    }

    [Fact]
    public async Task Without_a_staging_dataset_none_is_made()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, Some.Resource("items", Iceberg, """{"x":1}"""));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds_staging", Cancellation));
    }

    private static Task RunAsync(LocalAthena account, params Resource[] resources) =>
        new Machine(account).Pipeline().RunAsync(resources, Cancellation);

    private static Pipeline Staging(LocalAthena account) => Pipeline.Create(
        "staging", Athena.Destination(account), "ds_staging",
        new() { Configuration = Some.Configuration(account.Folder), Warn = _ => { } });
}
