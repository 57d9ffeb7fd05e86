using Dlt.Golden.Harness;
using Xunit;

namespace Dlt.Golden.Rest;

public class RestTests
{
    public static TheoryData<string> Cases => Judge.Ids(RestCase.All());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void An_api_is_asked_and_loaded_as_dlt_does(string id) =>
        Judge.Run(RestCase.Load(id), golden => RestRunner.CheckAsync(golden).GetAwaiter().GetResult());
}
