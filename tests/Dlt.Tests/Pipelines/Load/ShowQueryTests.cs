using Dlt.Load;
using Dlt.Tests.Support;
using DuckDB.NET.Data;

namespace Dlt.Tests.Pipelines.Load;

/// <summary>The query that a run shows is one that the local account runs, whatever the name of the table.</summary>
public sealed class ShowQueryTests
{
    [Fact]
    public void A_table_named_like_a_word_of_DuckDB_is_quoted()
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        var words = Duck.Values("SELECT DISTINCT keyword_name FROM duckdb_keywords()");
        Assert.Contains("lateral", words);
        foreach (var name in words.Concat(["Order", "1st", "a-b", "items"]))
        {
            var shown = ShowQuery.Of("ds", new Dictionary<string, long> { [name] = 1 }, isLocal: true, destination: null)!;
            var sql = shown[shown.IndexOf("SELECT", StringComparison.Ordinal)..shown.IndexOf(" LIMIT", StringComparison.Ordinal)];
            Execute(duck, $"CREATE OR REPLACE TABLE \"{name}\" (id INTEGER)");
            Execute(duck, sql.Replace("\\\"", "\"", StringComparison.Ordinal));   // the quotes of the shell
        }
    }

    private static void Execute(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
