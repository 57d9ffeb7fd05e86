using System.Globalization;
using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Golden.Pipelines;

/// <summary>
/// The rows that a case left in a local account, read by queries and written in the form of the golden rows. Athena has no time zones and
/// other scales of decimals than DuckDB, so times have no <c>Z</c> here, and decimals no zeros at their end.
/// </summary>
internal static class LoadedTables
{
    public const string BucketUrl = "s3://lake/raw";
    public const string Dataset = "ds";

    /// <summary>The rows of all data tables that have some.</summary>
    public static async Task<Dictionary<string, List<JsonValue>>> ReadAsync(
        CaseAccount account, Func<string, TableSchema?> schemaOf, CancellationToken cancellationToken)
    {
        var tables = new Dictionary<string, List<JsonValue>>(StringComparer.Ordinal);
        if (await account.Inner.Glue.GetDatabaseAsync(Dataset, cancellationToken) is null) return tables;
        await foreach (var table in account.Inner.Glue.GetTablesAsync(Dataset, cancellationToken))
        {
            if (SystemTables.IsSystemName(table.Name)) continue;
            var schema = schemaOf(table.Name) ?? throw new InvalidDataException($"Table {table.Name} is in no schema.");
            var rows = await ReadAsync(account, table, schema, cancellationToken);
            if (rows.Count > 0) tables[table.Name] = rows;
        }

        return tables;
    }

    /// <summary>A row of DuckDB in the form that rows of Athena have here.</summary>
    public static JsonValue Comparable(JsonValue row, TableSchema table) => JsonValue.Object(row.Members.Select(cell =>
        KeyValuePair.Create(cell.Key, Comparable(cell.Value, table.TryGetColumn(cell.Key, out var column) ? column.DataType : null))));

    private static JsonValue Comparable(JsonValue cell, DataType? type) => type switch
    {
        DataType.Timestamp when cell.Kind == JsonKind.String => JsonValue.String(cell.AsString().TrimEnd('Z')),
        DataType.Decimal or DataType.Wei when cell["$decimal"] is { } digits => Decimal(digits.AsString()),
        _ => cell,
    };

    private static async Task<List<JsonValue>> ReadAsync(
        CaseAccount account, GlueTable table, TableSchema schema, CancellationToken cancellationToken)
    {
        var names = string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\""));
        var query = new AthenaQuery($"SELECT {names} FROM \"{table.Name}\"", Dataset);
        await using var result = await account.Inner.Athena.ExecuteAsync(query, cancellationToken);
        var rows = await QueryTable.ReadAsync(result, cancellationToken);
        return [.. rows.Rows.Select(row => JsonValue.Object(table.Columns.Zip(row)
            .Where(cell => cell.Second is not null)
            .Select(cell => KeyValuePair.Create(cell.First.Name, Cell(cell.Second!, TypeOf(schema, cell.First))))))];
    }

    private static DataType TypeOf(TableSchema schema, GlueColumn column) =>
        schema.TryGetColumn(column.Name, out var known) && known.DataType is { } type
            ? type : throw new NotDrivenException($"a column '{column.Name}' without a type");

    private static JsonValue Cell(string text, DataType type) => type switch
    {
        DataType.Bigint => JsonValue.Integer(long.Parse(text, CultureInfo.InvariantCulture)),
        DataType.Double => Real(text),
        DataType.Bool => JsonValue.Bool(text == "true"),
        DataType.Decimal or DataType.Wei => Decimal(text),
        DataType.Timestamp => JsonValue.String(
            DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
                .ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        DataType.Binary => JsonValue.Object(("$bytes", JsonValue.String(Convert.ToBase64String(
            Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal)))))),
        _ => JsonValue.String(text),
    };

    private static JsonValue Real(string text) => double.Parse(text, CultureInfo.InvariantCulture) switch
    {
        var number when double.IsFinite(number) => JsonValue.Real(number),
        var number => JsonValue.Object(("$float", JsonValue.String(double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf"))),
    };

    private static JsonValue Decimal(string digits) => JsonValue.Object(("$decimal", JsonValue.String(
        digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits)));
}
