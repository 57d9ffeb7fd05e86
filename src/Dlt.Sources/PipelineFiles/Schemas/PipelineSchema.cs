using static Dlt.Sources.PipelineFiles.Schemas.SchemaPart;

namespace Dlt.Sources.PipelineFiles.Schemas;

/// <summary>The JSON schema of a <c>pipeline.yaml</c>. A test compares its keys with those that the readers know.</summary>
internal static class PipelineSchema
{
    public static JsonValue Create()
    {
        var root = Object(
            ["pipeline", "streams"],
            ("pipeline", Described("Name of the pipeline, its state and its working folder.", Text)),
            ("destination", Described("Name of the destination, whose settings are in [destination.NAME]; athena by default.", Text)),
            ("dataset", Described("Name of the dataset, a Glue database; NAME_dataset by default.", Text)),
            ("defaults", Described("Hints of all tables that do not say otherwise.", Object(
                [], [.. HintSchemas.Keys.Where(k => PipelineFileReader.DefaultKeys.Contains(k.Name))]))),
            ("streams", Described("What is loaded: a load for each, in this order.", ListOf(Ref("stream")))));
        var definitions = RestSchemas.Definitions.Concat(RestPagingSchemas.Definitions).Concat(HintSchemas.Definitions)
            .Append(("stream", Stream)).ToArray();
        return JsonValue.Object(JsonValue.Object(
            ("$schema", JsonValue.String("http://json-schema.org/draft-07/schema#")),
            ("title", JsonValue.String("A pipeline of dlt for .NET (pipeline.yaml)"))).Members
            .Concat(root.Members)
            .Append(KeyValuePair.Create("definitions", JsonValue.Object(definitions))));
    }

    private static JsonValue Stream => Object(
        ["rest_api"],
        ("name", Described("Name of the source and of its settings, [sources.NAME]; the pipeline's for a single stream.", Text)),
        ("rest_api", Described("A REST API in the shape of dlt's rest_api configuration.", Ref("rest_api"))));
}
