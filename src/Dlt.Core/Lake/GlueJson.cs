using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dlt.Json;

namespace Dlt.Lake;

/// <summary>
/// Reads and writes databases and tables in the JSON of the AWS Glue API. Members that are not set are absent. Unknown members are written
/// unchanged.
/// </summary>
public static class GlueJson
{
    /// <summary>
    /// Members of a <c>Table</c> answer that Glue does not accept in a <c>TableInput</c> (API reference, Table and TableInput).
    /// </summary>
    private static readonly string[] AnswersOnly =
    [
        "CatalogId", "CreateTime", "CreatedBy", "DatabaseName", "FederatedTable", "IsMaterializedView", "IsMultiDialectView",
            "IsRegisteredWithLakeFormation", "Status", "UpdateTime", "VersionId",
    ];

    /// <summary>Members of a <c>Partition</c> answer that Glue does not accept in a <c>PartitionInput</c>.</summary>
    private static readonly string[] PartitionAnswersOnly = ["CatalogId", "CreationTime", "DatabaseName", "TableName"];

    /// <summary>Returns the <c>TableInput</c> of a request.</summary>
    public static string Write(GlueTableInput table)
    {
        var own = JsonParser.Parse(JsonSerializer.Serialize(table, GlueJsonContext.Default.GlueTableInput));
        return JsonText.Write(table.Read is { } read ? WithUnknown(own, read) : own);
    }

    /// <summary>Reads the definition from the <c>Table</c> of an answer or from a <c>TableInput</c>.</summary>
    public static GlueTableInput ReadTable(string json) => ReadTable(JsonParser.Parse(json));

    /// <summary>Reads the definition from the <c>Table</c> of an answer or from a <c>TableInput</c>.</summary>
    public static GlueTableInput ReadTable(JsonValue json) =>
        WithTypes(JsonSerializer.Deserialize(JsonText.Write(json), GlueJsonContext.Default.GlueTableInput)!) with { Read = json };

    /// <summary>The table with an empty type for columns without one, which Glue allows (API reference, Column).</summary>
    private static GlueTableInput WithTypes(GlueTableInput table) => table with
    {
        PartitionKeys = table.PartitionKeys is { } keys ? WithTypes(keys) : null,
        StorageDescriptor = table.StorageDescriptor is { } storage ? storage with { Columns = WithTypes(storage.Columns) } : null,
    };

    private static ImmutableArray<GlueColumn> WithTypes(ImmutableArray<GlueColumn> columns) =>
        columns.IsDefaultOrEmpty || columns.All(c => c.Type is not null)
            ? columns : [.. columns.Select(c => c.Type is null ? c with { Type = "" } : c)];

    /// <summary>Returns the <c>PartitionInput</c> of a request.</summary>
    public static JsonValue Write(GluePartition partition)
    {
        var own = JsonParser.Parse(JsonSerializer.Serialize(partition, GlueJsonContext.Default.GluePartition));
        if (partition.Read is not { } read) return own;
        return WithUnknownStorage(Joined(own, read, GlueJsonContext.Default.GluePartition, PartitionAnswersOnly), own, read);
    }

    /// <summary>Reads the <c>Partition</c> of an answer, or a <c>PartitionInput</c>.</summary>
    public static GluePartition ReadPartition(JsonValue json) =>
        JsonSerializer.Deserialize(JsonText.Write(json), GlueJsonContext.Default.GluePartition)! with { Read = json };

    /// <summary>Returns the <c>DatabaseInput</c> of a request.</summary>
    public static string Write(GlueDatabase database) => JsonSerializer.Serialize(database, GlueJsonContext.Default.GlueDatabase);

    /// <summary>Reads the <c>Database</c> of an answer, or a <c>DatabaseInput</c>.</summary>
    public static GlueDatabase ReadDatabase(string json) => JsonSerializer.Deserialize(json, GlueJsonContext.Default.GlueDatabase)!;

    /// <summary>Returns the definition with the unknown members of another one, at all levels.</summary>
    private static JsonValue WithUnknown(JsonValue own, JsonValue read)
    {
        var table = Joined(own, read, GlueJsonContext.Default.GlueTableInput, AnswersOnly);
        return WithColumns(WithUnknownStorage(table, own, read), read, "PartitionKeys");
    }

    private static JsonValue WithUnknownStorage(JsonValue joined, JsonValue own, JsonValue read)
    {
        if (Both(own, read, "StorageDescriptor") is not { } storage) return joined;
        var descriptor = Joined(storage.Own, storage.Read, GlueJsonContext.Default.GlueStorageDescriptor);
        if (Both(storage.Own, storage.Read, "SerdeInfo") is { } serDe)
            descriptor = descriptor.With("SerdeInfo", Joined(serDe.Own, serDe.Read, GlueJsonContext.Default.GlueSerDeInfo));
        return joined.With("StorageDescriptor", WithColumns(descriptor, storage.Read, "Columns"));
    }

    private static JsonValue WithColumns(JsonValue own, JsonValue read, string member)
    {
        if (own[member] is not { Kind: JsonKind.Array } columns || read[member] is not { Kind: JsonKind.Array } before) return own;
        var known = before.Items.Where(c => NameOf(c) is not null).GroupBy(c => NameOf(c)!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        return own.With(member, JsonValue.Array([.. columns.Items.Select(WithKnown)]));

        JsonValue WithKnown(JsonValue column) => NameOf(column) is { } name && known.TryGetValue(name, out var old)
            ? Joined(column, old, GlueJsonContext.Default.GlueColumn)
            : column;
    }

    private static string? NameOf(JsonValue column) => column["Name"] is { Kind: JsonKind.String } name ? name.AsString() : null;

    private static (JsonValue Own, JsonValue Read)? Both(JsonValue own, JsonValue read, string member) =>
        own[member] is { Kind: JsonKind.Object } a && read[member] is { Kind: JsonKind.Object } b ? (a, b) : null;

    private static JsonValue Joined(JsonValue own, JsonValue read, JsonTypeInfo type, params ReadOnlySpan<string> left)
    {
        var known = type.Properties.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in left) known.Add(name);
        return JsonValue.Object(own.Members.Concat(read.Members.Where(m => !known.Contains(m.Key) && !m.Value.IsNull)));
    }
}
