using System.Globalization;

namespace Dlt;

/// <summary>
/// A field by which the rows of a table are divided into partitions, so that queries that filter by its column read fewer files. It applies
/// to tables that a load creates, and not to nested tables.
/// </summary>
/// <remarks>Stored as the hint of dlt's athena adapter, <c>x-athena-partition</c> (dlt documentation, Athena).</remarks>
public sealed record Partition
{
    internal const string Hint = "x-athena-partition";

    private const string ColumnName = "{column_name}";

    private Partition(string column, string template)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(column);
        (Column, Template) = (column, template);
    }

    /// <summary>Name of the column, as in the data or normalized.</summary>
    public string Column { get; }

    /// <summary>The transform of the column, in the form of the hint.</summary>
    internal string Template { get; }

    /// <summary>A partition for each value of the column.</summary>
    public static Partition Identity(string column) => new(column, ColumnName);

    /// <summary>A partition for each year of a date or time, in UTC.</summary>
    public static Partition Year(string column) => new(column, $"year({ColumnName})");

    /// <summary>A partition for each month of a date or time, in UTC.</summary>
    public static Partition Month(string column) => new(column, $"month({ColumnName})");

    /// <summary>A partition for each day of a date or time, in UTC.</summary>
    public static Partition Day(string column) => new(column, $"day({ColumnName})");

    /// <summary>A partition for each hour of a time, in UTC.</summary>
    public static Partition Hour(string column) => new(column, $"hour({ColumnName})");

    /// <summary>Partitions by the hash of the column's value. Only for Iceberg tables.</summary>
    /// <param name="buckets">Number of partitions: 1 or more.</param>
    /// <param name="column">The column.</param>
    public static Partition Bucket(int buckets, string column) => new(column, Call("bucket", buckets));

    /// <summary>Partitions by the beginning of a text, or by an integer rounded down. Only for Iceberg tables.</summary>
    /// <param name="width">Number of characters, or the step to which integers are rounded: 1 or more.</param>
    /// <param name="column">The column.</param>
    public static Partition Truncate(int width, string column) => new(column, Call("truncate", width));

    /// <inheritdoc/>
    public override string ToString() => Template.Replace(ColumnName, Column, StringComparison.Ordinal);

    /// <summary>
    /// The hint: a template per column. Several transforms of a column are one template, which dlt writes into its clause as it is.
    /// </summary>
    internal static JsonValue ToJson(IEnumerable<Partition> partitions) => JsonValue.Object(
        partitions.GroupBy(p => p.Column, p => p.Template, StringComparer.Ordinal)
            .Select(g => KeyValuePair.Create(g.Key, JsonValue.String(string.Join(", ", g)))));

    private static string Call(string transform, int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return string.Create(CultureInfo.InvariantCulture, $"{transform}({number}, {ColumnName})");
    }
}
