using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dlt.Lake;

/// <summary>Glue's objects as its API writes them (spec/aws-apis.md 3.3): members that were not given are absent.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GlueTableInput))]
[JsonSerializable(typeof(GlueDatabase))]
internal sealed partial class GlueJson : JsonSerializerContext
{
    public static string Write(GlueTableInput table) => JsonSerializer.Serialize(table, Default.GlueTableInput);

    public static GlueTableInput ReadTable(string json) => JsonSerializer.Deserialize(json, Default.GlueTableInput)!;

    public static string Write(GlueDatabase database) => JsonSerializer.Serialize(database, Default.GlueDatabase);

    public static GlueDatabase ReadDatabase(string json) => JsonSerializer.Deserialize(json, Default.GlueDatabase)!;
}
