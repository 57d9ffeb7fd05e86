using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>Files in the folder of a dataset are no orphans when a table uses them whose location is elsewhere.</summary>
public sealed class FilesElsewhereTests : AccountTests
{
    [Fact]
    public async Task Data_below_the_present_and_an_earlier_data_path_stays()
    {
        foreach (var path in new[] { "s3://lake/ds/earlier", "s3://lake/ds/present" })
            await LoadAsync(Some.Resource("commits", WithDataPath(path), """{"id":1}"""));
        Assert.NotEmpty(await Machine.KeysAsync(Account, "ds/earlier/"));
        Assert.NotEmpty(await Machine.KeysAsync(Account, "ds/present/"));
        await RemoveOrphansAsync();
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM commits"));
    }

    [Fact]
    public async Task Data_of_two_tables_with_one_data_path_stays()
    {
        var hints = WithDataPath("s3://lake/ds/pool");
        await LoadAsync(Some.Resource("commits", hints, """{"id":1}"""), Some.Resource("files", hints, """{"id":1}"""));
        await RemoveOrphansAsync();
        foreach (var table in new[] { "commits", "files" })
            Assert.Equal("1", await Some.ValueAsync(Account, $"SELECT count(*) FROM {table}"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Files_that_an_iceberg_table_of_another_database_took_over_stay(bool isDropped)
    {
        await LoadAsync(Some.Resource("commits", Iceberg, """{"id":1}"""));
        await TakeOverAsync("commits");
        await Account.Glue.DeleteTableAsync("ds", "commits", Cancellation);
        if (!isDropped) await LoadAsync(Some.Resource("commits", Iceberg, """{"id":2}"""));
        var removed = await RemoveOrphansAsync();
        Assert.Contains(removed, o => o.Location.EndsWith(".metadata.json", StringComparison.Ordinal));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT id FROM taken", "archive"));
    }

    [Fact]
    public async Task Files_of_a_partition_with_its_own_location_stay()
    {
        await LoadAsync(Some.Resource("files", """{"id":1}"""));
        var table = (await Account.Glue.GetTableAsync("ds", "files", Cancellation))!.Definition;
        await Account.Glue.CreateDatabaseAsync(new() { Name = "archive" }, Cancellation);
        var storage = table.StorageDescriptor!;
        await Account.Glue.CreateTableAsync(
            "archive",
            table with
            {
                PartitionKeys = [new("origin", "string")],
                StorageDescriptor = storage with { Location = "s3://lake/archive/files" },
            },
            Cancellation);
        ImmutableArray<GluePartition> partitions = [new() { Values = ["ds"], StorageDescriptor = storage }];
        await Account.Glue.CreatePartitionsAsync("archive", "files", partitions, Cancellation);
        await Account.Glue.DeleteTableAsync("ds", "files", Cancellation);
        await RemoveOrphansAsync();
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM files", "archive"));
    }

    [Fact]
    public async Task While_a_table_cannot_be_read_no_file_counts_as_one_of_a_dropped_table()
    {
        await LoadAsync(Some.Resource("commits", Iceberg, """{"id":1}"""), Some.Resource("files", """{"id":1}"""));
        await TakeOverAsync("commits");
        var taken = (await Account.Glue.GetTableAsync("archive", "taken", Cancellation))!;
        var metadata = Storage.ObjectLocation.Parse(taken.Definition.Parameters!["metadata_location"]);
        await Account.Objects.DeleteAsync(metadata.Bucket, [metadata.Key], Cancellation);
        await Account.Glue.DeleteTableAsync("ds", "files", Cancellation);
        var warnings = new List<string>();
        Assert.Empty(await RemoveOrphansAsync(warnings));
        Assert.Contains("'archive.taken'", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static ResourceHints WithDataPath(string path) => Iceberg with
    {
        Additional = [new("x-athena-table-properties", JsonValue.Object(("write.data.path", JsonValue.String(path))))],
    };

    /// <summary>Creates the table <c>archive.taken</c> of the files of a table, as the procedure add_files of Spark does.</summary>
    private async Task TakeOverAsync(string name)
    {
        var catalog = new GlueCatalog(Account.Glue, Account.Objects);
        var source = await catalog.LoadTableAsync(new("ds", name), Cancellation);
        await Account.Glue.CreateDatabaseAsync(new() { Name = "archive" }, Cancellation);
        var target = await catalog.CreateTableAsync(
            new("archive", "taken"), source.Metadata.CurrentSchema, location: "s3://lake/archive/taken", cancellationToken: Cancellation);
        await target.NewTransaction().Append(await OneColumn.FilesAsync(source)).CommitAsync(Cancellation);
    }

    private Task<LoadInfo> LoadAsync(params Resource[] resources) => Some.Pipeline(Account).RunAsync(resources, Cancellation);

    private async Task<IReadOnlyList<OrphanFile>> RemoveOrphansAsync(List<string>? warnings = null)
    {
        await using var maintenance = AthenaMaintenance.Open(
            Account, Some.Configuration(Folder.Path), warn: text => warnings?.Add(text));
        return await maintenance.RemoveAsync(
            await maintenance.FindOrphansAsync("ds", Cancellation), TimeSpan.Zero, Cancellation);
    }
}
