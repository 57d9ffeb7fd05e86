using DuckDB.NET.Data;

namespace Dlt.Tests.Support;

/// <summary>Runs single statements of DuckDB, to write input files and to read ours.</summary>
internal static class Duck
{
    public static void Execute(string sql) => Values(sql);

    /// <summary>Returns the first column of the rows as text.</summary>
    public static List<string> Values(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read()) values.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        return values;
    }
}
