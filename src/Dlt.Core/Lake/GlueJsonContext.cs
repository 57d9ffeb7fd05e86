using System.Text.Json.Serialization;

namespace Dlt.Lake;

/// <summary>
/// Serializes Glue objects with the member names of the API (docs/spec/aws-apis.md 3.3). Members that are not set are absent.
/// </summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GlueTableInput))]
[JsonSerializable(typeof(GlueDatabase))]
[JsonSerializable(typeof(GluePartition))]
internal sealed partial class GlueJsonContext : JsonSerializerContext;
