using Dlt.Packages;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

/// <summary>Extract, normalise and commit each count the rows of a table. A package is not loaded when the counts differ.</summary>
public sealed class RowCountTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly LocalAthena _account;

    public RowCountTests() => _account = Some.Account(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_line_that_is_lost_between_extract_and_normalise_is_an_error_that_names_both_counts()
    {
        var working = await ExtractAsync();
        var segment = Directory.GetFiles(Path.Combine(working, "normalize", "extracted"), "items.*.jsonl", SearchOption.AllDirectories)
            .Single();
        await File.WriteAllLinesAsync(segment, (await File.ReadAllLinesAsync(segment, Cancellation))[..^1], Cancellation);
        var error = await Assert.ThrowsAsync<RowCountException>(() => Some.Pipeline(_account).LoadPendingAsync(Cancellation));
        Assert.Equal(("items", 3L, 2L, null), (error.Table, error.Extracted, error.Normalized, error.Committed));
        Assert.Contains("dlt pipeline pipe abort-packages --local", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_segment_that_is_lost_is_an_error()
    {
        var working = await ExtractAsync();
        File.Delete(Directory.GetFiles(Path.Combine(working, "normalize", "extracted"), "others.*.jsonl", SearchOption.AllDirectories)
            .Single());
        var error = await Assert.ThrowsAsync<RowCountException>(() => Some.Pipeline(_account).LoadPendingAsync(Cancellation));
        Assert.Equal(("others", 1L, 0L), (error.Table, error.Extracted, error.Normalized));
    }

    [Fact]
    public async Task Rows_that_a_contract_drops_and_items_that_are_rejected_are_counted()
    {
        await Some.Pipeline(_account).RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        var frozen = new ResourceHints { SchemaContract = new() { Columns = ContractMode.DiscardRow } };
        var options = new PipelineOptions { Configuration = Some.Configuration(_account.Folder), Warn = _ => { }, KeepRejects = true };
        var source = Resource.Create<object>("items", [Some.Item("""{"id":2}"""), Some.Item("""{"id":3,"new":1}""")], frozen);
        var info = await Pipeline.Create("pipe", Athena.Destination(_account), "ds", options).RunAsync(source, Cancellation);
        Assert.Equal((1, 1), (info.RowCounts["items"], info.RowCounts["_dlt_rejected"]));
    }

    private async Task<string> ExtractAsync()
    {
        var pipeline = Some.Pipeline(_account);
        Resource[] resources =
        [
            Some.Resource("items", """{"id":1}""", """{"id":2}""", """{"id":3}"""),
            Some.Resource("others", """{"id":1}"""),
        ];
        await using (var run = await pipeline.BeginAsync(Cancellation)) await run.ExtractAsync(new Source("pipe", resources), Cancellation);
        return pipeline.WorkingFolder;
    }
}
