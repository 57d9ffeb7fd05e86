using Dlt.Schemas;
using Dlt.Settings;

namespace Dlt.Extract;

/// <summary>Opens the schema of a source, with the settings from configuration and source.</summary>
internal sealed class SourceSchema(PipelineContext pipeline)
{
    /// <summary>Returns the stored schema of a source, or an empty one, with the source's settings.</summary>
    /// <exception cref="ConfigurationException">A setting of the schema has an invalid value.</exception>
    public Schema Open(Source source)
    {
        var max = pipeline.Capabilities.MaxIdentifierLength;
        var fresh = New(source.Name, max);   // created in any case, so that an invalid setting stops every run
        var schema = pipeline.Schemas.Load(source.Name, max) ?? fresh;
        if (schema != fresh) UpdateSystemTables(schema);
        Declare(source, schema);
        return schema;
    }

    /// <summary>Adds the settings of a source to a schema: nesting, hints for all tables, the contract.</summary>
    public void Declare(Source source, Schema schema)
    {
        var json = schema.Normalizers["json"] ?? JsonValue.EmptyObject;
        var config = json["config"] ?? JsonValue.EmptyObject;
        if (source.MaxTableNesting is { } nesting) config = config.With("max_nesting", JsonValue.Integer(nesting));
        if (source.RootKey is { } rootKey) config = config.With("root_key_propagation", JsonValue.Bool(rootKey));
        if (config.Members.Count > 0) schema.Normalizers = schema.Normalizers.With("json", json.With("config", config));
        source.SchemaHints?.ApplyTo(schema, pipeline.Capabilities);
        if ((pipeline.RunContract ?? source.SchemaContract)?.ToJson() is { } contract)
            schema.Settings = schema.Settings.With(HintNames.SchemaContract, contract);
    }

    /// <summary>
    /// Gives the tables of dlt the columns and descriptions that they have today; those of a schema that an older dlt stored differ
    /// (docs/spec/athena-destination.md 6.9).
    /// </summary>
    private void UpdateSystemTables(Schema schema)
    {
        schema.UpdateTable(SystemTables.VersionTable(schema.Naming), pipeline.Capabilities);
        schema.UpdateTable(SystemTables.LoadsTable(schema.Naming), pipeline.Capabilities);
    }

    /// <summary>
    /// Creates an empty schema with the settings of the sections <c>sources.&lt;schema&gt;.schema</c> and <c>schema</c>
    /// (docs/spec/pipeline.md 5.2).
    /// </summary>
    private Schema New(string name, int? maxIdentifierLength)
    {
        var settings = StepSpecs.Resolve(StepSpecs.Schema, pipeline.Configuration, pipeline.Name, pipeline.Warn, "sources", name);
        var naming = settings["naming"] is { Kind: JsonKind.String } set
            ? set.AsString()
            : pipeline.Capabilities.NamingConvention ?? "snake_case";
        var schema = new Schema(name, NamingConvention.Create(naming, maxIdentifierLength));
        foreach (var field in new[] { "use_break_path_on_normalize", "allow_identifier_change_on_table_with_data" })
        {
            if (settings[field] is { IsNull: false } value) schema.Normalizers = schema.Normalizers.With(field, value);
        }

        if (settings["json_normalizer"] is { Kind: JsonKind.Object } json) schema.Normalizers = schema.Normalizers.With("json", json);
        return schema;
    }
}
