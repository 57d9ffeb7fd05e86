using static Dlt.Sources.PipelineFiles.Schemas.SchemaPart;

namespace Dlt.Sources.PipelineFiles.Schemas;

/// <summary>Parts of the schema that describe REST APIs.</summary>
internal static class RestSchemas
{
    private static readonly (string Name, JsonValue Value)[] ResourceKeys =
    [
        .. HintSchemas.Keys,
        ("include_from_parent", Described("Fields of the parent's record that every record gets.", ListOf(Text))),
        ("processing_steps", Described("Functions, which only C# has; a file can only have none.", ListOf(Any))),
        ("selected", Described("false: the records are not loaded, only given to children.", Bool)),
        ("parallelized", Described("true: requests for several parents run side by side.", Bool)),
        ("conditional", Described("true: asks for changes only, by ETag and Last-Modified.", Bool)),
        ("resume", Described("true: a run after a failure goes on from the last page.", Bool)),
    ];

    public static (string Name, JsonValue Value)[] Definitions { get; } =
    [
        ("rest_api", Object(
            ["client", "resources"],
            ("client", Ref("client")),
            ("resources", Described("A text is a resource whose name is its path.", ListOf(AnyOf(Text, Ref("resource"))))),
            ("resource_defaults", Ref("resource_defaults")))),
        ("client", Object(
            ["base_url"],
            ("base_url", Described("Address that paths are appended to.", Text)),
            ("headers", Map(Text)),
            ("auth", Ref("auth")),
            ("paginator", Ref("paginator")),
            ("rate_limit", Described("Largest number of requests in a time.", Object(
                ["requests"], ("requests", Integer), ("per_seconds", Integer)))),
            ("max_parallel_requests", Integer))),
        ("resource", Object(
            ["name"],
            [
                ("name", Described("Name of the resource, and of its table.", Text)),
                ("endpoint", Described("A text is its path.", AnyOf(Text, Ref("endpoint")))),
                .. ResourceKeys,
            ])),
        ("resource_defaults", Described(
            "What resources have that do not say otherwise.", Object([], [("endpoint", Ref("endpoint")), .. ResourceKeys]))),
        ("endpoint", Object(
            [],
            ("path", Described("Path below base_url, or a whole address; the name of the resource by default.", Text)),
            ("method", Words("GET", "POST")),
            ("params", Map(Ref("param"))),
            ("json", Any),
            ("data", Any),
            ("headers", Map(Text)),
            ("paginator", Ref("paginator")),
            ("auth", Ref("auth")),
            ("data_selector", Described("JSONPath of the records; detected by default.", Text)),
            ("response_actions", ListOf(Ref("response_action"))),
            ("incremental", Ref("incremental")))),
        ("param", AnyOf(
            JsonValue.Object(("not", Map(Any))),
            Ref("incremental_param"),
            Object(["type", "resource", "field"], ("type", Word("resolve")), ("resource", Text), ("field", Text)))),
        ("response_action", Object(
            [], ("status_code", AnyOf(Integer, Text)), ("content", Text), ("action", Word("ignore")))),
    ];
}
