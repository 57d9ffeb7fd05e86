using DuckDB.NET.Data;

namespace Dlt.Tests.Support;

/// <summary>Single statements of DuckDB: writes files that others made, and says what is in ours.</summary>
internal static class Duck
{
    public static void Execute(string sql) => Values(sql);

    /// <summary>The first column of the rows, as text.</summary>
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
