using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>
/// Reals with more digits than a double. A decimal column holds them exactly, so ids that are hashes of values need all digits: with those
/// of the double, two keys would have one id, and a changed row the id of its old version. Other values are hashed as in dlt.
/// </summary>
internal static class LongNumbers
{
    /// <summary>Returns the value of a key column as it is hashed.</summary>
    /// <param name="value">Value as extracted.</param>
    /// <param name="table">Table of the key.</param>
    /// <param name="name">Identifier of the column.</param>
    public static JsonValue OfKey(JsonValue value, TableSchema table, string name) =>
        IsLong(value) && table.TryGetColumn(name, out var column) && IsExact(column) ? Exact(value) : value;

    /// <summary>Returns the content of a row as it is hashed: exact if a decimal column is in the table or in a nested one.</summary>
    /// <param name="content">The item.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="table">Identifier of the root table.</param>
    public static JsonValue OfRow(JsonValue content, Schema schema, string table) =>
        IsIn(content) && schema.Tables.Any(t => IsPartOf(schema, t, table) && t.CompleteColumns.Any(IsExact)) ? Exact(content) : content;

    private static bool IsExact(ColumnSchema column) => column.IsComplete && column.DataType is DataType.Decimal or DataType.Wei;

    private static bool IsPartOf(Schema schema, TableSchema table, string root)
    {
        while (table.Name != root)
        {
            if (table.Parent is not { } parent || !schema.TryGetTable(parent, out var above)) return false;
            table = above;
        }

        return true;
    }

    /// <summary>Returns true for a real whose double stands for another number.</summary>
    private static bool IsLong(JsonValue value) =>
        value.Digits is { } digits && BigDecimal.TryParse(digits, out var number) && !number.IsShortestOf(value.AsDouble());

    private static bool IsIn(JsonValue value) => value.Kind switch
    {
        JsonKind.Array => value.Items.Any(IsIn),
        JsonKind.Object => value.Members.Any(m => IsIn(m.Value)),
        _ => IsLong(value),
    };

    /// <summary>
    /// Writes long numbers as texts, as dlt hashes decimals. A number has the same text with and without zeros at its end.
    /// </summary>
    private static JsonValue Exact(JsonValue value) => value.Kind switch
    {
        JsonKind.Array => JsonValue.Array([.. value.Items.Select(Exact)]),
        JsonKind.Object => JsonValue.Object(value.Members.Select(m => KeyValuePair.Create(m.Key, Exact(m.Value)))),
        _ => IsLong(value) ? JsonValue.String(TextOf(value.Digits!)) : value,
    };

    private static string TextOf(string digits) =>
        digits.Contains('.', StringComparison.Ordinal) && !digits.Contains('e', StringComparison.OrdinalIgnoreCase)
            ? digits.TrimEnd('0').TrimEnd('.') : digits;
}
