using System.Collections.Immutable;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// Reads tables from the form of Athena's metadata calls, which has location and format of the files among the parameters of the table
/// (Amazon Athena API, TableMetadata; AWS CLI, <c>get-table-metadata</c>).
/// </summary>
internal static class AthenaTableJson
{
    private const string Call = "Athena to GetTableMetadata";
    private const string SerDeParameter = "serde.param.";

    private static readonly ImmutableArray<string> OfStorage = ["location", "inputformat", "outputformat", "serde.serialization.lib"];

    /// <summary>Reads a table. The form has no versions.</summary>
    /// <param name="database">Database of the table.</param>
    /// <param name="json">The member <c>TableMetadata</c>.</param>
    public static GlueTable Read(string database, JsonValue json)
    {
        var name = json.Text("Name", Call).ToLowerInvariant();
        var call = $"{Call} of table '{database.ToLowerInvariant()}.{name}'";
        var all = Parameters(json);
        var serDe = all.Where(p => p.Key.StartsWith(SerDeParameter, StringComparison.Ordinal))
            .Select(p => KeyValuePair.Create(p.Key[SerDeParameter.Length..], p.Value));
        var own = all.Where(p => !OfStorage.Contains(p.Key) && !p.Key.StartsWith(SerDeParameter, StringComparison.Ordinal));
        var definition = new GlueTableInput
        {
            Name = name,
            TableType = TextOf(json["TableType"]),
            Parameters = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, own),
            PartitionKeys = Columns(json, "PartitionKeys", call),
            StorageDescriptor = new()
            {
                Columns = Columns(json, "Columns", call),
                Location = all.GetValueOrDefault("location"),
                InputFormat = all.GetValueOrDefault("inputformat"),
                OutputFormat = all.GetValueOrDefault("outputformat"),
                SerdeInfo = new()
                {
                    SerializationLibrary = all.GetValueOrDefault("serde.serialization.lib"),
                    Parameters = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, serDe),
                },
            },
        };
        return new(database.ToLowerInvariant(), definition, "", AnswerMembers.Time(json["CreateTime"]), null);
    }

    /// <summary>Properties of a table or a database, by name.</summary>
    public static ImmutableSortedDictionary<string, string> Parameters(JsonValue json) =>
        json["Parameters"] is { Kind: JsonKind.Object } all
            ? ImmutableSortedDictionary.CreateRange(
                StringComparer.Ordinal,
                all.Members.Where(m => m.Value.Kind == JsonKind.String).Select(m => KeyValuePair.Create(m.Key, m.Value.AsString())))
            : ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Reads columns. Their types are optional, and a metastore may have none (Amazon Athena API, Column).</summary>
    private static ImmutableArray<GlueColumn> Columns(JsonValue json, string member, string call) =>
        json[member] is { Kind: JsonKind.Array } columns
            ? [.. columns.Items.Select(c => new GlueColumn(c.Text("Name", call), TextOf(c["Type"]) ?? "", TextOf(c["Comment"])))]
            : [];

    private static string? TextOf(JsonValue? value) => value is { Kind: JsonKind.String } ? value.AsString() : null;
}
