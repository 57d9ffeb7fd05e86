using System.Globalization;
using Dlt.Destinations.Publishing.Merging;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using DuckDB.NET.Data;

namespace Dlt.Tests.AthenaDestination.Publishing.Merging;

/// <summary>
/// Runs merge scripts on DuckDB, whose dialect these statements share with Athena except for the quotes of one statement. Table
/// <c>t</c> is the root of all other tables.
/// </summary>
internal sealed class MergeLab : IDisposable
{
    private const string LoadTime = "2024-05-01T10:00:00.1239Z";

    private readonly DuckDBConnection _duck = new("DataSource=:memory:");
    private readonly Schema _schema = new("lab");

    public MergeLab()
    {
        _duck.Open();
        Execute("ATTACH ':memory:' AS c");
        Execute("CREATE SCHEMA c.d");
        Execute("CREATE SCHEMA c.d_staging");
    }

    /// <summary>Makes a table in both datasets.</summary>
    /// <param name="name">The table.</param>
    /// <param name="parent">The parent table; null for the root table.</param>
    /// <param name="columns">Columns in the form <c>name type hint…</c>.</param>
    public MergeLab Table(string name, string? parent, params string[] columns)
    {
        var table = new TableSchema(name, parent).WithColumns(columns.Select(Column));
        _schema.Set(table);
        var types = string.Join(", ", table.Columns.Select(c => $"{SqlNames.Column(c.Name)} {TypeOf(c)}"));
        Execute($"CREATE TABLE c.d.\"{name}\" ({types})");
        Execute($"CREATE TABLE c.d_staging.\"{name}\" ({types})");
        return this;
    }

    /// <summary>Replaces the staged rows of a table.</summary>
    public MergeLab Stage(string table, string values)
    {
        Execute($"DELETE FROM c.d_staging.\"{table}\"");
        if (values.Length > 0) Execute($"INSERT INTO c.d_staging.\"{table}\" VALUES {values}");
        return this;
    }

    /// <summary>True: an earlier attempt has run some statements.</summary>
    public bool IsRepeated { get; set; }

    public IReadOnlyList<MergeStatement> Script(MergeStrategy strategy, string loadTime = LoadTime) => MergeScript.Of(new()
    {
        Schema = _schema,
        Root = _schema.Table("t"),
        Nested = [.. _schema.Tables.Where(t => t.Parent is not null)],
        Strategy = strategy,
        Names = new("c", "d", "d_staging"),
        IsRepeated = IsRepeated,
        LoadId = LoadId.Format((DateTimeOffset.Parse(loadTime, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).TotalSeconds),
    });

    /// <summary>Runs a script on the staged rows.</summary>
    /// <returns>Changed rows of each statement.</returns>
    public List<int> Merge(MergeStrategy strategy, string loadTime = LoadTime) =>
        [.. Script(strategy, loadTime).Select(s => Execute(s.Sql.Replace('`', '"')))];

    /// <summary>The rows of a query on the dataset: values with commas, rows with blanks.</summary>
    public string Rows(string query)
    {
        using var command = _duck.CreateCommand();
        command.CommandText = "USE c.d";
        command.ExecuteNonQuery();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(i => Text(reader, i))));
        return string.Join(' ', rows);
    }

    public void Dispose() => _duck.Dispose();

    private static string Text(DuckDBDataReader reader, int column) => reader.IsDBNull(column)
        ? "-"
        : reader.GetValue(column) is DateTime time
            ? time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)
            : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)!;

    private static ColumnSchema Column(string text)
    {
        var words = text.Split(' ');
        var column = new ColumnSchema(words[0]).With("data_type", JsonValue.String(words[1]));
        foreach (var hint in words.Skip(2))
        {
            var parts = hint.Split('=');
            column = column.With(parts[0], parts.Length == 1 ? JsonValue.Bool(true) : JsonValue.String(parts[1]));
        }

        return column;
    }

    private static string TypeOf(ColumnSchema column) => column.Properties["data_type"]!.AsString() switch
    {
        "text" => "VARCHAR",
        "bool" => "BOOLEAN",
        var name => name.ToUpperInvariant(),
    };

    private int Execute(string sql)
    {
        using var command = _duck.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
