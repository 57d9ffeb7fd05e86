using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

/// <summary>What <c>load.delete_completed_jobs</c> leaves of a loaded package (docs/spec/pipeline.md 2.4).</summary>
public sealed class CompletedJobsTests : AccountTests
{
    private static readonly (string, string) Setting = ("LOAD__DELETE_COMPLETED_JOBS", "true");

    [Theory, InlineData(null, 2), InlineData("true", 0), InlineData("false", 2)]
    public async Task The_files_of_a_load_stay_unless_the_setting_deletes_them(string? value, int files)
    {
        (string, string)[] settings = value is null ? [] : [("LOAD__DELETE_COMPLETED_JOBS", value)];
        var info = await new Machine(Account).RunAsync(Some.Resource("items", """{"id":1,"tags":["a"]}"""), settings: settings);
        Assert.Equal(3, info.Packages.Single().Jobs);   // the two tables and the state
        Assert.Equal(files, FilesOf("items"));
        Assert.Equal("a", await Machine.ValuesAsync(Account, "SELECT t.value FROM items__tags t"));
    }

    [Fact]
    public async Task A_package_that_waited_loses_its_files_when_it_is_loaded_and_earlier_ones_keep_theirs()
    {
        await new Machine(Account).RunAsync(Some.Resource("items", """{"id":1}"""));
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(Lake.IGlueCatalog.UpdateTableAsync) ? throw new DltException("no") : call());
        var objects = Steps.Intercept(Account.Objects, (method, call) => method == "UploadAsync" ? throw new DltException("no") : call());
        await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account, glue: glue, objects: objects).RunAsync(
            Some.Resource("items", """{"id":2}"""), settings: Setting));
        Assert.Equal(1, Machine.Pending(Account));
        await new Machine(Account).Pipeline(settings: Setting).LoadPendingAsync(Cancellation);
        Assert.Equal(1, FilesOf("items"));
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
    }

    private int FilesOf(string table) => Directory.GetFiles(
        Path.Combine(Account.PipelinesFolder!, "pipe", "load", "loaded"), $"{table}*.parquet", SearchOption.AllDirectories).Length;
}
