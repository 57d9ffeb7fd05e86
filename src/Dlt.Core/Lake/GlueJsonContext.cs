using System.Text.Json.Serialization;

namespace Dlt.Lake;

/// <summary>The members of Glue's objects as its API names them (docs/spec/aws-apis.md 3.3); those that were not given are absent.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GlueTableInput))]
[JsonSerializable(typeof(GlueDatabase))]
internal sealed partial class GlueJsonContext : JsonSerializerContext;
