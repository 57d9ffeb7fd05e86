using Dlt.Golden.Harness;
using Xunit;

namespace Dlt.Golden.Athena;

public class MergeTests
{
    public static TheoryData<string> Cases => Judge.Ids(MergeCase.All());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    [Scenario("T-87", "fault_merge_middle")]
    [Scenario("T-95", "merge_*")]
    public void Rows_are_merged_by_the_statements_of_dlt(string id) =>
        Judge.Run(MergeCase.Load(id), golden => MergeRunner.CheckAsync(golden).GetAwaiter().GetResult());
}
