using Dlt.Json;
using Dlt.SchemaFiles;
using Dlt.Schemas;

namespace Dlt;

/// <summary>A schema on disk.</summary>
/// <param name="Schema">The schema.</param>
public sealed record StoredSchema(Schema Schema)
{
    /// <summary>
    /// The form that people read, as in files of <c>export_schema_path</c>; it can be put into a folder of <c>import_schema_path</c>.
    /// </summary>
    public string ToYaml() => SchemaYaml.Write(SchemaExport.WithoutNames(SchemaJson.ToJson(Schema).Without("imported_version_hash")));

    /// <summary>The stored form, which Python dlt reads too.</summary>
    public string ToJson() => JsonText.Write(SchemaJson.ToJson(Schema), pretty: true);
}
