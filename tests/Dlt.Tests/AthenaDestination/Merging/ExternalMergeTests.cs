using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Merges into external tables, which append.</summary>
public sealed class ExternalMergeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_warning_says_what_would_merge()
    {
        var warnings = new List<string>();
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Merge, PrimaryKey = ["id"] };
        var pipeline = Some.Pipeline(Some.Account(_folder), warnings: warnings);
        await pipeline.RunAsync(Some.Resource("items", hints, """{"id":1}"""), TestContext.Current.CancellationToken);
        var warning = Assert.Single(warnings);
        Assert.Contains("Its rows are appended.", warning, StringComparison.Ordinal);
        Assert.EndsWith("TableFormat.Iceberg (table_format, force_iceberg).", warning, StringComparison.Ordinal);
    }
}
