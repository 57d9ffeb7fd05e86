using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Units;

/// <summary>LOCATION and columns of tables, from the SQL that dlt sends.</summary>
internal static class TableLocationCases
{
    public static void Check(JsonValue test, JsonValue expected) => Assert.Fail("not yet");
}
