using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergSchema = Dlt.Iceberg.Schema;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Reads the hint <c>x-athena-partition</c> of dlt's athena adapter: a template per column, such as <c>day({column_name})</c>
/// (docs/spec/athena-destination.md 3.4). A template may list several transforms of its column, separated by commas: dlt writes them into
/// its clause as they are.
/// </summary>
internal static partial class PartitionHints
{
    private const string Hint = "x-athena-partition";

    /// <summary>The table with the names of its partition columns in the naming convention of the schema.</summary>
    public static TableSchema Named(TableSchema table, NamingConvention naming)
    {
        if (table[Hint] is not { Kind: JsonKind.Object } hints) return table;
        string NameOf(string column) => table.TryGetColumn(column, out _) ? column : naming.NormalizePath(column);
        var named = hints.Members.Select(h => (Column: NameOf(h.Key), Template: h.Value.AsString())).GroupBy(h => h.Column);
        return table.With(Hint, JsonValue.Object(named.Select(g => KeyValuePair.Create(
            g.Key, JsonValue.String(string.Join(", ", g.Select(h => h.Template)))))));
    }

    /// <summary>The partition spec of a new table, whose hint has the names of columns (<see cref="Named"/>).</summary>
    /// <exception cref="SchemaException">A template is not a transform, or its column does not exist.</exception>
    public static PartitionSpec SpecOf(TableSchema table, IcebergSchema schema)
    {
        var fields = FieldsOf(table, schema, _ => true);
        return fields.IsEmpty ? PartitionSpec.Unpartitioned : new(0, fields);
    }

    /// <summary>Fields of a partition spec by some of the transforms of the hint.</summary>
    /// <exception cref="SchemaException">
    /// A template is not a transform, or its column does not exist, or has a type that the transform does not take.
    /// </exception>
    public static ImmutableArray<PartitionField> FieldsOf(TableSchema table, IcebergSchema schema, Func<PartitionHint, bool> isWanted) =>
        [.. Read(table).Where(isWanted).Select((h, i) => FieldOf(table, schema, h, PartitionSpec.FirstFieldId + i))];

    /// <summary>The transforms of the hint, in its order.</summary>
    /// <exception cref="SchemaException">A template is not a transform, or it is there twice.</exception>
    public static IReadOnlyList<PartitionHint> Read(TableSchema table)
    {
        if (table[Hint] is not { Kind: JsonKind.Object } hints) return [];
        var read = new List<PartitionHint>();
        foreach (var (column, templates) in hints.Members)
        {
            foreach (var template in Comma().Split(templates.AsString()))
            {
                var hint = new PartitionHint(column, template, TransformOf(table, column, template));
                if (read.Exists(h => h.Column == column && h.Transform == hint.Transform))
                    throw hint.Wrong(table, "the hint has it twice");
                read.Add(hint);
            }
        }

        return read;
    }

    private static PartitionField FieldOf(TableSchema table, IcebergSchema schema, PartitionHint hint, int fieldId)
    {
        var source = schema.Find(hint.Column.ToLowerInvariant()) ?? throw hint.Wrong(table, "the column does not exist");
        if (source.Type is not PrimitiveType type || hint.Transform.ResultType(type) is null)
            throw hint.Wrong(table, $"the column is {source.Type}, and {hint.Takes}");
        return new(source.Id, fieldId, hint.NameOf(source.Name), hint.Transform);
    }

    private static Transform TransformOf(TableSchema table, string column, string template)
    {
        var text = template.Replace("{column_name}", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal).Trim();
        if (text.Length == 0) return Transform.Identity;
        SchemaException Wrong(string why) => new PartitionHint(column, template, Transform.Identity).Wrong(table, why);
        var match = Call().Match(text);
        if (!match.Success) throw Wrong("it is not a transform");
        var hasNumber = int.TryParse(match.Groups[2].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return match.Groups[1].Value.ToLowerInvariant() switch
        {
            "year" or "years" => Transform.Year,
            "month" or "months" => Transform.Month,
            "day" or "days" => Transform.Day,
            "hour" or "hours" => Transform.Hour,
            "bucket" when hasNumber => Transform.Bucket(number),
            "truncate" when hasNumber => Transform.Truncate(number),
            _ => throw Wrong("it is not a transform of Iceberg"),
        };
    }

    [GeneratedRegex(@"^(\w+)\s*\(\s*(?:(\d+)\s*,?)?\s*(?:,\s*(\d+))?\s*\)$")]
    private static partial Regex Call();

    /// <summary>A comma between transforms, not one between the arguments of a transform.</summary>
    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex Comma();
}
