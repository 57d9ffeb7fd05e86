using Dlt.SchemaFiles;
using Dlt.Schemas;

namespace Dlt;

/// <summary>A schema that is stored in a working folder or a package.</summary>
/// <param name="Schema">The schema.</param>
public sealed record StoredSchema(Schema Schema)
{
    /// <summary>
    /// Writes the schema as YAML, as in files of <c>export_schema_path</c>. The file can be used in a folder of <c>import_schema_path</c>.
    /// </summary>
    public string ToYaml() => SchemaYaml.Write(SchemaExport.WithoutNames(SchemaJson.ToJson(Schema).Without("imported_version_hash")));

    /// <summary>Writes the stored form, which Python dlt reads too.</summary>
    public string ToJson() => JsonText.Write(SchemaJson.ToJson(Schema), pretty: true);
}
