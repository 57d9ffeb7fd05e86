using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>The column that marks new rows as deletions: a boolean that is true, or another value that is not null.</summary>
internal sealed record HardDeleteSql
{
    private readonly bool _isBool;

    private HardDeleteSql(string column, bool isBool)
    {
        Column = column;
        _isBool = isBool;
    }

    /// <summary>The quoted column.</summary>
    public string Column { get; }

    /// <summary>The mark of a table; null when it has none.</summary>
    public static HardDeleteSql? Of(TableSchema table) => table.HardDelete is { } name && table.TryGetColumn(name, out var column)
        ? new(SqlNames.Column(name), column.DataType == DataType.Bool)
        : null;

    /// <summary>Condition that a row is a deletion.</summary>
    /// <param name="prefix">Alias of the row with its point; empty for none.</param>
    public string Deleted(string prefix = "") => prefix + Column + (_isBool ? " = True" : " IS NOT NULL");

    /// <summary>Condition that a row is not a deletion.</summary>
    /// <param name="prefix">Alias of the row with its point; empty for none.</param>
    public string Kept(string prefix = "") =>
        _isBool ? $"({prefix}{Column} IS NULL OR {prefix}{Column} = False)" : $"{prefix}{Column} IS NULL";
}
