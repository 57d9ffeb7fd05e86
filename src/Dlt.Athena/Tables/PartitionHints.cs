using System.Globalization;
using System.Text.RegularExpressions;
using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergSchema = Dlt.Iceberg.Schema;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Reads the hint <c>x-athena-partition</c> of dlt's athena adapter: a template per column, such as <c>day({column_name})</c>
/// (docs/spec/athena-destination.md 4.3).
/// </summary>
internal static partial class PartitionHints
{
    /// <summary>The partition spec of a new table.</summary>
    /// <exception cref="SchemaException">A template is not a transform, or its column does not exist.</exception>
    public static PartitionSpec SpecOf(TableSchema table, IcebergSchema schema)
    {
        if (table["x-athena-partition"] is not { Kind: JsonKind.Object } hints) return PartitionSpec.Unpartitioned;
        var fields = hints.Members.Select((h, i) =>
            FieldOf(table, schema, h.Key, h.Value.AsString(), PartitionSpec.FirstFieldId + i));
        return new(0, [.. fields]);
    }

    /// <summary>Refuses templates that are not transforms. Whether their columns exist is known only when the rows are.</summary>
    /// <exception cref="SchemaException">A template is not a transform.</exception>
    public static void CheckTemplates(TableSchema table)
    {
        if (table["x-athena-partition"] is not { Kind: JsonKind.Object } hints) return;
        foreach (var (column, template) in hints.Members) TransformOf(table, column, template.AsString());
    }

    private static PartitionField FieldOf(TableSchema table, IcebergSchema schema, string column, string template, int fieldId)
    {
        var source = schema.Find(column.ToLowerInvariant()) ?? throw Wrong(table, column, template, "the column does not exist");
        var transform = TransformOf(table, column, template);
        return new(source.Id, fieldId, transform == Transform.Identity ? source.Name : source.Name + transform.Suffix, transform);
    }

    private static Transform TransformOf(TableSchema table, string column, string template)
    {
        var text = template.Replace("{column_name}", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal).Trim();
        if (text.Length == 0) return Transform.Identity;
        var match = Call().Match(text);
        if (!match.Success) throw Wrong(table, column, template, "it is not a transform");
        var hasNumber = int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return match.Groups[1].Value.ToLowerInvariant() switch
        {
            "year" or "years" => Transform.Year,
            "month" or "months" => Transform.Month,
            "day" or "days" => Transform.Day,
            "hour" or "hours" => Transform.Hour,
            "bucket" when hasNumber => Transform.Bucket(number),
            "truncate" when hasNumber => Transform.Truncate(number),
            _ => throw Wrong(table, column, template, "it is not a transform of Iceberg"),
        };
    }

    private static SchemaException Wrong(TableSchema table, string column, string template, string why) => new(
        $"Table '{table.Name}' cannot be partitioned by '{template}' of column '{column}': {why}. Nothing was loaded. Correct "
        + "the hint x-athena-partition.")
    { Table = table.Name, Column = column };

    [GeneratedRegex(@"^(\w+)\s*\(\s*(?:(\d+)\s*,?)?\s*(?:,\s*(\d+))?\s*\)$")]
    private static partial Regex Call();
}
