using Dlt.Golden.Harness;
using Xunit;

namespace Dlt.Golden.Athena;

public class DdlTests
{
    public static TheoryData<string> Cases => Judge.Ids(DdlCase.All());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    [Scenario("T-32", "hive_new_column")]
    [Scenario("T-35", "partition_all_transforms", "partition_column_hint")]
    public void Databases_and_tables_are_made_by_the_statements_of_dlt(string id) =>
        Judge.Run(DdlCase.Load(id), golden => DdlRunner.CheckAsync(golden).GetAwaiter().GetResult());
}
