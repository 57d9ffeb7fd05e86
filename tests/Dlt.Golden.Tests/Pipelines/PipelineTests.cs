using Dlt.Golden.Harness;
using Xunit;

namespace Dlt.Golden.Pipelines;

public class PipelineTests
{
    public static TheoryData<string> Cases => Judge.Ids(PipelineCase.All());

    public static TheoryData<string> EndStates => Judge.Ids(EndStateCase.All());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public Task Whole_pipelines_extract_and_normalise_as_in_dlt(string name)
    {
        Judge.Run(
            PipelineCase.Load(Path.Combine(GoldenFolder.Find(PipelineCase.Folder)!, name)), golden =>
                PipelineRunner.CheckAsync(golden).GetAwaiter().GetResult());
        return Task.CompletedTask;
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(EndStates))]
    [Scenario("T-95", "merge_*", "upsert_*", "cdc_*", "scd2_*")]
    public void Merges_leave_the_rows_that_the_sql_of_dlt_leaves(string id) =>
        Judge.Run(EndStateCase.Load(id), golden => EndStateRunner.CheckAsync(golden).GetAwaiter().GetResult());
}
