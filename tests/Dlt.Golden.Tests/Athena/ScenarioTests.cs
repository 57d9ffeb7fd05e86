using Dlt.Golden.Harness;
using Xunit;

namespace Dlt.Golden.Athena;

public class ScenarioTests
{
    public static TheoryData<string> Cases => Judge.Ids(AthenaCase.Scenarios());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Runs_leave_what_dlt_leaves(string id) =>
        Judge.Run(AthenaCase.Load(id), golden => ScenarioRunner.CheckAsync(golden).GetAwaiter().GetResult());
}
