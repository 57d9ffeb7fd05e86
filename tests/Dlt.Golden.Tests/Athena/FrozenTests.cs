using Dlt.Golden.Harness;
using Xunit;

namespace Dlt.Golden.Athena;

public class FrozenTests
{
    public static TheoryData<string> Cases => Judge.Ids(FrozenDataset.Cases());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    [Scenario("T-96", "read")]
    [Scenario("T-97", "restore")]
    [Scenario("T-98", "local", "fresh", "newest_*")]
    public void Datasets_of_python_dlt_are_read_restored_and_continued(string id) =>
        Judge.Run(FrozenDataset.Load(id), golden => FrozenRunner.CheckAsync(golden).GetAwaiter().GetResult());
}
