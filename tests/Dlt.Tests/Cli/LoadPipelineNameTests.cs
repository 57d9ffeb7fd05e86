using Dlt.Cli.Commands;

namespace Dlt.Tests.Cli;

public sealed class LoadPipelineNameTests
{
    [Fact]
    public void Datasets_that_differ_never_share_a_pipeline()
    {
        string[] datasets = ["a_b", "a|b", "a.b", "a/b", "sales", "sales.eu", "sales_eu", "日"];
        Assert.Equal(datasets.Length, datasets.Select(LoadPipelineName.Of).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("load_a_b", LoadPipelineName.Of("a_b"));   // the plain name
        Assert.DoesNotContain(datasets.Select(LoadPipelineName.Of), n => n.AsSpan().ContainsAny("./|"));
    }
}
