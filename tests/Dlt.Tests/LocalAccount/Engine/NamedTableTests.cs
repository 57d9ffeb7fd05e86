using Dlt.Tests.Support;

namespace Dlt.Tests.LocalAccount.Engine;

/// <summary>A statement that names no table lists all of them.</summary>
public sealed class NamedTableTests : AccountTests
{
    [Theory]
    [InlineData("SHOW TABLES")]
    [InlineData("SELECT table_name FROM information_schema.tables")]
    [InlineData("SELECT DISTINCT table_name FROM INFORMATION_SCHEMA.columns")]
    public async Task Statements_that_name_no_table_list_all(string sql)
    {
        Resource[] resources = [Some.Resource("first", """{"id":1}"""), Some.Resource("second", """{"id":1}""")];
        await Some.Pipeline(Account).RunAsync(resources, Cancellation);
        var listed = (await Some.QueryAsync(Account, sql)).Rows.Select(r => r[0]).ToList();
        Assert.Contains("first", listed);
        Assert.Contains("second", listed);
        Assert.Contains("_dlt_loads", listed);
    }
}
