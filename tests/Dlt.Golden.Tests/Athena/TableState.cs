using System.Globalization;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Golden.Athena;

/// <summary>A table as an end state shows it.</summary>
/// <param name="Format"><c>hive</c> or <c>iceberg</c>.</param>
/// <param name="Location">Its folder.</param>
/// <param name="Columns">Name and type of each column.</param>
/// <param name="Partition">Name and transform of each field of the partition spec; empty without partitions.</param>
/// <param name="Rows">The cells of each row.</param>
internal sealed record TableState(
    string Format, string Location, IReadOnlyList<(string Name, string Type)> Columns, IReadOnlyList<string> Partition,
    IReadOnlyList<JsonValue[]> Rows)
{
    private const int MillisecondsLength = 23;

    /// <summary>Reads the form of <c>end_state</c>.</summary>
    public static TableState Of(JsonValue table)
    {
        var columns = table["columns"]!.Items.Select(c => (c.Items[0].AsString(), c.Items[1].AsString())).ToList();
        var spec = table["iceberg"]?["partition_spec"]?.Items ?? [];
        return new(
            table["format"]!.AsString(), table["location"]!.AsString(), columns,
            [.. spec.Select(f => $"{f.Items[0].AsString()} {f.Items[1].AsString()}")],
            [.. table["rows"]!.Items.Select(r => r.Items.Select((cell, i) => Cut(cell, columns[i].Item2)).ToArray())]);
    }

    /// <summary>Reads a table of an account.</summary>
    public static async Task<TableState> ReadAsync(LocalAthena account, GlueTable table, CancellationToken cancellationToken)
    {
        var columns = table.Columns.Select(c => (c.Name, c.Type)).ToList();
        var names = string.Join(", ", columns.Select(c => $"\"{c.Name}\""));
        var query = new AthenaQuery($"SELECT {names} FROM \"{table.Name}\"", table.DatabaseName);
        await using var result = await account.Athena.ExecuteAsync(query, cancellationToken);
        var rows = await QueryTable.ReadAsync(result, cancellationToken);
        return new(
            table.IsIceberg ? "iceberg" : "hive", table.Location, columns, await SpecAsync(account, table, cancellationToken),
            [.. rows.Rows.Select(r => r.Select((text, i) => Cell(text, columns[i].Type)).ToArray())]);
    }

    private static async Task<IReadOnlyList<string>> SpecAsync(LocalAthena account, GlueTable table, CancellationToken cancellationToken)
    {
        if (!table.IsIceberg) return [];
        var iceberg = await new GlueCatalog(account.Glue, account.Objects)
            .LoadTableAsync(new(table.DatabaseName, table.Name), cancellationToken);
        return [.. iceberg.Metadata.DefaultSpec.Fields.Select(f => $"{f.Name} {f.Transform}")];
    }

    /// <summary>The cell of a text that Athena prints.</summary>
    private static JsonValue Cell(string? text, string type) => text is null ? JsonValue.Null : type.Split('(')[0] switch
    {
        "bigint" or "int" or "smallint" or "tinyint" => JsonValue.Integer(long.Parse(text, CultureInfo.InvariantCulture)),
        "double" or "float" => JsonValue.Real(double.Parse(text, CultureInfo.InvariantCulture)),
        "boolean" => JsonValue.Bool(text == "true"),
        "decimal" => JsonValue.Object(("decimal", JsonValue.String(text))),
        "binary" => JsonValue.Object(("hex", JsonValue.String(text.Replace(" ", "", StringComparison.Ordinal)))),
        _ => Cut(JsonValue.String(text), type),
    };

    /// <summary>Digits below milliseconds are not compared (README).</summary>
    private static JsonValue Cut(JsonValue cell, string type) =>
        type == "timestamp" && cell.Kind == JsonKind.String && cell.AsString() is { Length: > MillisecondsLength } text
            ? JsonValue.String(text[..MillisecondsLength])
            : cell;
}
