using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Documents;

/// <summary>Reads the hints of a resource from a description, in the names of dlt.</summary>
internal static class HintsReader
{
    /// <summary>The keys of hints.</summary>
    public static readonly ImmutableArray<string> Keys =
    [
        "table_name", "write_disposition", "primary_key", "merge_key", "columns", "max_table_nesting", "schema_contract", "table_format",
        "nested_hints", "references", "file_format",
    ];

    private static readonly string[] KeysOfNested =
        ["columns", "primary_key", "merge_key", "write_disposition", "schema_contract", "table_format"];

    private static readonly Dictionary<string, TableFormat> Formats = new()
    {
        ["iceberg"] = TableFormat.Iceberg,
        ["hive"] = TableFormat.Hive,
        ["native"] = TableFormat.Native,
    };

    /// <summary>Reads the hints of an object, which may have other keys, too; null when it has none.</summary>
    /// <exception cref="ConfigurationException">A hint cannot be read.</exception>
    public static ResourceHints? Read(DocumentNode node)
    {
        if (!Keys.Any(node.Has)) return null;
        var hints = new ResourceHints
        {
            TableName = node["table_name"]?.Text(),
            PrimaryKey = node["primary_key"]?.Texts() ?? [],
            MergeKey = node["merge_key"]?.Texts() ?? [],
            Columns = Columns(node["columns"]),
            MaxTableNesting = node["max_table_nesting"]?.Int(),
            SchemaContract = Contract(node["schema_contract"]),
            TableFormat = node["table_format"]?.Word(Formats) ?? TableFormat.Default,
            Nested = Nested(node["nested_hints"]),
            Additional = [.. Additional(node)],
        };
        return node["write_disposition"] is { } disposition ? DispositionReader.Read(disposition, hints) : hints;
    }

    private static IEnumerable<KeyValuePair<string, JsonValue>> Additional(DocumentNode node)
    {
        if (node["references"] is { } references) yield return new("references", references.Value);
        if (node["file_format"] is { } format) yield return new("file_format", JsonValue.String(format.Text()));
    }

    /// <summary>Columns as a list of objects with a name, or as an object by name.</summary>
    private static ImmutableArray<ColumnSchema> Columns(DocumentNode? columns)
    {
        if (columns is null) return [];
        if (!columns.IsObject) return [.. columns.Items().Select(c => Column(c, c.Required("name").Text()))];
        return [.. columns.Members().Select(c => Column(c.Value.Object(), c.Name))];
    }

    private static ColumnSchema Column(DocumentNode node, string name)
    {
        if (node["data_type"] is { } type && !DataTypes.TryParse(type.Text(), out _))
        {
            var known = string.Join(", ", Enum.GetValues<DataType>().Select(t => t.Name()));
            throw type.Error($"is '{type.Text()}', which is no data type. Use one of {known}.");
        }

        return new(JsonValue.Object(node.Value.Without("name").Members.Prepend(KeyValuePair.Create("name", JsonValue.String(name)))));
    }

    private static SchemaContract? Contract(DocumentNode? contract)
    {
        try
        {
            return SchemaContract.Parse(contract?.Value);
        }
        catch (SchemaException error)
        {
            throw contract!.Error($"is not a contract: {error.Finding}");
        }
    }

    private static ImmutableArray<NestedHints> Nested(DocumentNode? nested)
    {
        if (nested is null) return [];
        return [.. nested.Members().Select(n => new NestedHints([.. n.Name.Split('.')])
        {
            Columns = Columns(n.Value.Object(KeysOfNested)["columns"]),
            PrimaryKey = n.Value["primary_key"]?.Texts() ?? [],
            MergeKey = n.Value["merge_key"]?.Texts() ?? [],
            WriteDisposition = n.Value["write_disposition"]?.Word(DispositionReader.Words),
            SchemaContract = Contract(n.Value["schema_contract"]),
            TableFormat = n.Value["table_format"]?.Word(Formats) ?? TableFormat.Default,
        })];
    }
}
