using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Settings under which nothing may be loaded are refused before a row is extracted; nothing is written.</summary>
public sealed class RefusedBeforeExtractTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _extracted;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => field ??= Some.Account(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("X-18"), Scenario("X-24")]
    [InlineData("DESTINATION__FILESYSTEM__READ_ONLY", "true", "read_only")]
    [InlineData("DESTINATION__ATHENA__STAGING_DATASET_NAME_LAYOUT", "%s", "staging_dataset_name_layout")]
    [InlineData("DESTINATION__ATHENA__STAGING_DATASET_NAME_LAYOUT", "ds", "staging_dataset_name_layout")]
    [InlineData("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", "{dataset_name}/{tabel_name}", "table_location_layout")]
    [InlineData("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", "../{table_name}", "table_location_layout")]
    [InlineData("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", "{dataset_name}/./{table_name}", "table_location_layout")]
    [InlineData("DESTINATION__ATHENA__TABLE_LOCATION_LAYOUT", "/{dataset_name}//{table_name}", "table_location_layout")]
    [InlineData("DESTINATION__ATHENA__REPLACE_STRATEGY", "insert-from-staging", "replace_strategy")]
    [InlineData("DESTINATION__ATHENA__MAX_IDENTIFIER_LENGTH", "256", "max_identifier_length")]
    [InlineData("DESTINATION__ATHENA__NAMING_CONVENTION", "snake-case", "naming_convention")]
    public async Task A_load_is_refused_before_extract(string variable, string value, string setting)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => RunAsync((variable, value)));
        Assert.Equal(setting, Assert.Single(error.Fields).Split('.')[^1]);
        Assert.Contains("Nothing was", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _extracted);
        Assert.Null(await Account.Glue.GetDatabaseAsync("ds", Cancellation));
    }

    [Fact, Scenario("X-18")]
    public async Task Two_names_of_the_staging_dataset_are_refused_and_one_counts_for_both_blocks()
    {
        const string athena = "DESTINATION__ATHENA__STAGING_DATASET_NAME_LAYOUT";
        const string files = "DESTINATION__FILESYSTEM__STAGING_DATASET_NAME_LAYOUT";
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => RunAsync((athena, "%s_a"), (files, "%s_b")));
        Assert.Contains("'%s_a' for athena and '%s_b' for filesystem", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _extracted);
        await RunAsync((files, "%s_b"), ("DESTINATION__ATHENA__FORCE_ICEBERG", "true"),
            ("DESTINATION__ATHENA__REPLACE_STRATEGY", "insert-from-staging"));
        Assert.NotNull(await Account.Glue.GetDatabaseAsync("ds_b", Cancellation));
    }

    [Fact]
    public async Task A_destination_that_is_read_only_is_queried_and_restored_and_its_package_waits()
    {
        await RunAsync();
        (string, string) readOnly = ("DESTINATION__FILESYSTEM__READ_ONLY", "true");
        var fresh = NewPipeline("fresh", readOnly);
        Assert.True(await fresh.SyncAsync(Cancellation));
        Assert.Equal("1", (await Athena.QueryAsync("ds", "SELECT count(*) FROM items", Account,
            Some.Configuration(_folder.Path, readOnly), cancellationToken: Cancellation)).Rows[0][0]);
        await Assert.ThrowsAsync<ConfigurationException>(() =>
            fresh.RunAsync(Some.Resource("items", """{"a":2}"""), Cancellation));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM items"));
    }

    private Task<LoadInfo> RunAsync(params (string, string)[] environment) => NewPipeline("folder", environment).RunAsync(
        Resource.Create("items", (_, _) => Rows(), new() { WriteDisposition = WriteDisposition.Replace }), Cancellation);

    private Pipeline NewPipeline(string folder, params (string, string)[] environment) => Pipeline.Create(
        "pipe", Athena.Destination(Account), "ds",
        new()
        {
            Configuration = Some.Configuration(_folder.Path, environment),
            PipelinesFolder = _folder.File(folder),
            Warn = _ => { },
        });

    private async IAsyncEnumerable<JsonValue> Rows()
    {
        await Task.CompletedTask;
        _extracted++;
        yield return JsonValue.Object(("a", JsonValue.Integer(1)));
    }
}
