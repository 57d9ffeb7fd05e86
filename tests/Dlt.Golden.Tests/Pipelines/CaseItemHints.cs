using System.Collections.Immutable;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Golden.Pipelines;

/// <summary>
/// The hints of an item <c>{"$hints": …, "item": …, "create_table_variant": …}</c>: missing members keep a hint, empty ones remove it.
/// </summary>
internal static class CaseItemHints
{
    private static readonly string[] Known =
    [
        "table_name", "write_disposition", "primary_key", "merge_key", "columns", "schema_contract", "table_format", "file_format",
        "references", "nested_hints", "additional_table_hints",
    ];

    public static HintedItem Item(JsonValue marked)
    {
        var item = marked["item"] switch
        {
            null or { Kind: JsonKind.Null } => null,
            { Kind: JsonKind.Array } page => page.Items.Select(CaseResources.Item).ToList(),
            { } one => CaseResources.Item(one),
        };
        return Dlt.Mark.WithHints(item, Of(marked["$hints"]!), marked["create_table_variant"] is { Kind: JsonKind.True });
    }

    private static ItemHints Of(JsonValue hints)
    {
        if (hints.Members.Names.FirstOrDefault(n => !Known.Contains(n)) is { } unknown)
            throw new NotDrivenException($"the hint '{unknown}' of an item");
        var disposition = CaseDisposition.Of(Get("write_disposition"));
        var tableName = Get("table_name");
        List<KeyValuePair<string, JsonValue>> additional =
            [.. disposition?.Options ?? [], .. Get("additional_table_hints")?.Members.AsEnumerable() ?? []];
        if (Get("references") is { } references) additional.Add(new("references", references));
        if (Get("file_format") is { } format) additional.Add(new("file_format", format));
        return new()
        {
            TableName = tableName is { Kind: JsonKind.String } ? tableName.AsString() : null,
            TableNameOf = CaseResources.TableNameOf(tableName),
            WriteDisposition = disposition?.Disposition,
            MergeStrategy = disposition?.Strategy,
            Columns = Get("columns") is { } columns ? [.. CaseResources.Columns(columns)] : null,
            PrimaryKey = Names(Get("primary_key")),
            MergeKey = Names(Get("merge_key")),
            Nested = Get("nested_hints") is { } nested ? [.. CaseResources.Nested(nested)] : null,
            SchemaContract = Get("schema_contract") switch
            {
                { Kind: JsonKind.String } mode when mode.AsString().Length == 0 => SchemaContract.None,
                var contract => SchemaContract.Parse(contract),
            },
            TableFormat = Get("table_format") is { } table ? HintText.Format(table, "") : null,
            Additional = additional.Count > 0 ? [.. additional] : null,
        };

        JsonValue? Get(string name) => hints[name] is { IsNull: false } value ? value : null;
    }

    private static ImmutableArray<string>? Names(JsonValue? names) => names switch
    {
        null => null,
        { Kind: JsonKind.String } text when text.AsString().Length == 0 => [],
        _ => [.. CaseResources.Names(names)],
    };
}
