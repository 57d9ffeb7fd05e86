using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>A dataset is dropped as a whole, and nothing else is.</summary>
public sealed class DatasetDropTests : AccountTests
{
    [Fact, Scenario("T-36")]
    public async Task Tables_and_objects_of_the_dataset_go_and_its_neighbours_stay()
    {
        await LoadAsync("ds");
        await LoadAsync("ds2");
        var neighbours = await Machine.KeysAsync(Account, "ds2/");
        await using var maintenance = Open();
        var content = await maintenance.FindAsync("ds", Cancellation);
        var database = content.Databases[0];
        Assert.Empty(database.OtherTables);
        Assert.Contains(database.Tables, t => t is { Name: "commits", IsIceberg: true, IsInFolder: true });
        Assert.Equal((await Machine.KeysAsync(Account, "ds/")).Count, database.Objects);
        await maintenance.DropAsync(content, cancellationToken: Cancellation);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/"));
        Assert.Null(await Account.Glue.GetDatabaseAsync("ds", Cancellation));
        Assert.Equal(neighbours, await Machine.KeysAsync(Account, "ds2/"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM commits", "ds2"));

        await LoadAsync("ds");
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task A_dataset_with_the_name_of_the_staging_dataset_stays()
    {
        await LoadAsync("ds");
        await LoadAsync("ds_staging");
        await using var maintenance = Open();
        var content = await maintenance.FindAsync("ds", Cancellation);
        Assert.Equal("ds", Assert.Single(content.Databases).Name);
        await maintenance.DropAsync(content, cancellationToken: Cancellation);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM commits", "ds_staging"));
    }

    [Fact]
    public async Task A_dataset_is_not_dropped_while_a_pipeline_loads_into_it()
    {
        DltException? refusal = null;
        var rows = Resource.Create("files", (_, _) => DroppingAsync());
        await Some.Pipeline(Account).RunAsync(rows, Cancellation);
        Assert.Contains("Pipeline 'pipe' is running: ", refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was dropped.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM files"));

        async IAsyncEnumerable<object> DroppingAsync()
        {
            await using var maintenance = Open();
            var content = await maintenance.FindAsync("ds", Cancellation);
            refusal = await Assert.ThrowsAsync<DltException>(() => maintenance.DropAsync(content, cancellationToken: Cancellation));
            yield return new { id = 1 };
        }
    }

    [Fact]
    public async Task A_drop_that_ended_in_the_middle_is_repeated()
    {
        await LoadAsync("ds");
        await Account.Glue.DeleteDatabaseAsync("ds", Cancellation);
        await using var maintenance = Open();
        var content = await maintenance.FindAsync("ds", Cancellation);
        Assert.False(content.Databases[0].Exists);
        await maintenance.DropAsync(content, cancellationToken: Cancellation);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/"));
        Assert.Empty((await maintenance.FindAsync("ds", Cancellation)).Databases);
    }

    [Fact]
    public async Task Files_outside_theFolder_stay_and_are_named()
    {
        (string, string)[] settings = [("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", "elsewhere/{table_name}")];
        await LoadAsync("ds", settings);
        await using var maintenance = Open(settings);
        var content = await maintenance.FindAsync("ds", Cancellation);
        Assert.Contains(content.Databases[0].Tables, t => t is { Name: "commits", IsInFolder: false });
        await maintenance.DropAsync(content, cancellationToken: Cancellation);
        Assert.NotEmpty(await Machine.KeysAsync(Account, "elsewhere/"));
    }

    [Fact]
    public async Task A_read_only_destination_drops_nothing()
    {
        await LoadAsync("ds");
        await using var maintenance = Open(("DESTINATION__FILESYSTEM__READ_ONLY", "true"));
        var content = await maintenance.FindAsync("ds", Cancellation);
        await Assert.ThrowsAsync<ConfigurationException>(() => maintenance.DropAsync(content, cancellationToken: Cancellation));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM files"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Tables_of_other_databases_with_files_in_the_folder_are_named_and_keep_them(bool isOnlyPartition)
    {
        await LoadAsync("ds");
        var table = (await Account.Glue.GetTableAsync("ds", "files", Cancellation))!.Definition;
        await Account.Glue.CreateDatabaseAsync(new() { Name = "archive" }, Cancellation);
        var storage = table.StorageDescriptor!;
        if (isOnlyPartition)
        {
            table = table with
            {
                PartitionKeys = [new("origin", "string")],
                StorageDescriptor = storage with { Location = "s3://lake/archive/files" },
            };
        }

        await Account.Glue.CreateTableAsync("archive", table, Cancellation);
        if (isOnlyPartition)
        {
            await Account.Glue.CreatePartitionsAsync(
                "archive", "files", [new() { Values = ["ds"], StorageDescriptor = storage }], Cancellation);
        }

        await using var maintenance = Open();
        var content = await maintenance.FindAsync("ds", Cancellation);
        Assert.Equal(["archive.files"], content.Databases[0].OtherTables);
        var error = await Assert.ThrowsAsync<DltException>(() => maintenance.DropAsync(content, cancellationToken: Cancellation));
        Assert.Contains("archive.files. Nothing was dropped.", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM files", "archive"));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM commits"));
        await maintenance.DropAsync(content, isForced: true, Cancellation);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/"));
    }

    private AthenaMaintenance Open(params (string, string)[] settings) =>
        AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path, settings));

    private Task<LoadInfo> LoadAsync(string dataset, params (string, string)[] settings) =>
        Dlt.Pipeline.Create($"into_{dataset}", Dlt.Athena.Destination(Account), dataset, new()
        {
            Configuration = Some.Configuration(Account.Folder, settings),
            Warn = _ => { },
        }).RunAsync([Some.Resource("files", """{"id":1}"""), Some.Resource("commits", Iceberg, """{"id":1}""")], Cancellation);
}
