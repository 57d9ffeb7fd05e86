using Dlt.Golden.Harness;
using Xunit;

namespace Dlt.Golden.Pipelines;

public class PipelineTests
{
    public static TheoryData<string> Cases => Judge.Ids(PipelineCase.All());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public Task Whole_pipelines_extract_and_normalise_as_in_dlt(string name)
    {
        Judge.Run(
            PipelineCase.Load(Path.Combine(GoldenFolder.Find(PipelineCase.Folder)!, name)), golden =>
                PipelineRunner.CheckAsync(golden).GetAwaiter().GetResult());
        return Task.CompletedTask;
    }
}
