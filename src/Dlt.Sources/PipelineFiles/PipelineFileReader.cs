using System.Collections.Immutable;
using Dlt.Documents;
using Dlt.Hints;
using Dlt.Schemas;
using Dlt.Sources.Rest;

namespace Dlt.Sources.PipelineFiles;

/// <summary>Reads a <c>pipeline.yaml</c>, or the description of a REST API as a pipeline of one stream.</summary>
internal static class PipelineFileReader
{
    private const string RestApiKey = "rest_api";

    private static readonly string[] Keys = ["pipeline", "destination", "dataset", "defaults", "streams"];

    private static readonly string[] StreamKeys = ["name", RestApiKey];

    private static readonly string[] LaterKinds = ["sql_database", "filesystem"];

    /// <summary>Hints that can hold for every table.</summary>
    public static ImmutableArray<string> DefaultKeys { get; } = [.. HintsReader.Keys.Except(["table_name", "references"])];

    /// <exception cref="ConfigurationException">The document is not such a description. The error names the place.</exception>
    public static PipelineFile Read(DocumentNode root)
    {
        if (root.Object().Has("client") && !root.Has("streams")) return OfRestApi(root);
        root.Object(Keys);
        var name = root.Required("pipeline").Text();
        var defaults = root["defaults"] is { } given ? HintsReader.Read(given.Object(DefaultKeys)) : null;
        var streams = root.Required("streams").Items();
        if (streams.IsEmpty) throw root["streams"]!.Error("has no stream.");
        var single = streams.Length == 1 ? Schema.NameFromPipeline(name) : null;
        var sources = streams.Select(s => Stream(s, single, defaults)).ToImmutableArray();
        CheckNames(sources, streams);
        return new(name, root["destination"]?.Text(), root["dataset"]?.Text(), sources);
    }

    /// <summary>A description of one API, which is named after its file.</summary>
    private static PipelineFile OfRestApi(DocumentNode root)
    {
        var name = Schema.NameFromPipeline(Path.GetFileNameWithoutExtension(root.Origin.File) is { Length: > 0 } file ? file : RestApiKey);
        return new(name, null, null, [RestApi.Source(name, RestConfigReader.Read(root))]);
    }

    private static Source Stream(DocumentNode node, string? defaultName, ResourceHints? defaults)
    {
        foreach (var kind in LaterKinds)
        {
            if (node.Object().Has(kind))
                throw node.Error($"is a stream of the kind '{kind}', which this version does not have. Known is {RestApiKey}.");
        }

        node.Object(StreamKeys);
        var name = NameOf(node, defaultName);
        var described = RestConfigReader.Read(node.Required(RestApiKey));
        var own = described.ResourceDefaults ?? new();
        return RestApi.Source(name, described with { ResourceDefaults = own with { Hints = HintDefaults.Over(own.Hints, defaults) } });
    }

    private static string NameOf(DocumentNode node, string? defaultName)
    {
        var named = defaultName is null ? node.Required("name") : node["name"];
        var name = named?.Text() ?? defaultName!;
        if (Schema.IsValidName(name)) return name;
        throw (named ?? node).Error(
            $"makes the name '{name}', which is none. Use an identifier of at most 64 letters, digits and underscores.");
    }

    private static void CheckNames(ImmutableArray<Source> sources, ImmutableArray<DocumentNode> streams)
    {
        for (var i = 1; i < sources.Length; i++)
        {
            if (sources.Take(i).Any(s => s.Name == sources[i].Name))
                throw streams[i].Error($"has the name '{sources[i].Name}', which another stream has, too. Give it another name.");
        }
    }
}
