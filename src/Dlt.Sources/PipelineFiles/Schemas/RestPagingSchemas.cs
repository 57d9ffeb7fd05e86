using static Dlt.Sources.PipelineFiles.Schemas.SchemaPart;

namespace Dlt.Sources.PipelineFiles.Schemas;

/// <summary>Parts of the schema that describe paginators, authentication and incremental loading of REST APIs.</summary>
internal static class RestPagingSchemas
{
    private static readonly (string Name, JsonValue Value)[] Cursor =
    [
        ("cursor_path", Described("Field with the cursor, as JSONPath.", Text)),
        ("initial_value", Any),
        ("end_value", Any),
        ("last_value_func", Words("max", "min")),
        ("primary_key", TextOrTexts),
        ("row_order", Words("asc", "desc")),
        ("range_start", Words("closed", "open")),
        ("range_end", Words("closed", "open")),
        ("on_cursor_value_missing", Words("raise", "include", "exclude")),
        ("lag", Number),
        ("allow_external_schedulers", Bool),
    ];

    private static readonly JsonValue[] Paginators =
    [
        Typed("auto"),
        Typed("single_page"),
        Typed("json_link", ("next_url_path", Text)),
        Typed("json_response", ("next_url_path", Text)),
        Typed("header_link", ("links_next_key", Text)),
        Typed("header_cursor", ("cursor_key", Text), ("cursor_param", Text)),
        Typed(
            "cursor", ("cursor_path", Text), ("cursor_param", Text), ("cursor_body_path", Text), ("stop_after_empty_page", Bool),
            ("has_more_path", Text)),
        Object(
            ["type", "limit"], ("type", Word("offset")), ("limit", Integer), ("offset", Integer), ("offset_param", Text),
            ("offset_body_path", Text), ("limit_param", Text), ("limit_body_path", Text), ("total_path", TextOrNull),
            ("maximum_offset", Integer), ("stop_after_empty_page", Bool), ("has_more_path", Text)),
        Typed(
            "page_number", ("base_page", Integer), ("page", Integer), ("page_param", Text), ("page_body_path", Text),
            ("total_path", TextOrNull), ("maximum_page", Integer), ("stop_after_empty_page", Bool), ("has_more_path", Text)),
    ];

    private static readonly JsonValue[] Logins =
    [
        Object([], ("type", Word("bearer")), ("token", Text)),
        Typed("api_key", ("name", Text), ("api_key", Text), ("location", Words("header", "query", "param"))),
        Typed("http_basic", ("username", Text), ("password", Text)),
        Typed(
            "oauth2_client_credentials", ("access_token_url", Text), ("client_id", Text), ("client_secret", Text),
            ("access_token_request_data", Map(Any)), ("default_token_expiration", Integer), ("access_token", Text)),
        Typed(
            "jwt", ("client_id", Text), ("private_key", Text), ("auth_endpoint", Text), ("scopes", TextOrTexts), ("headers", Map(Text)),
            ("private_key_passphrase", Text), ("default_token_expiration", Integer)),
    ];

    public static (string Name, JsonValue Value)[] Definitions { get; } =
    [
        ("paginator", Described("How the next page is found; detected by default.", AnyOf(
            [
                Words("auto", "single_page", "json_link", "json_response", "header_link", "header_cursor", "cursor", "page_number"),
                .. Paginators,
            ]))),
        ("auth", Described("Authentication. What is left out is read from [sources.NAME.credentials].", AnyOf(
            [Words("bearer", "api_key", "http_basic", "oauth2_client_credentials", "jwt"), .. Logins]))),
        ("incremental", Described("Loads only what is new, and the parameters that get the range.", Object(
            ["cursor_path"], [.. Cursor, ("start_param", Text), ("end_param", Text)]))),
        ("incremental_param", Object(["type", "cursor_path"], [("type", Word("incremental")), .. Cursor])),
    ];

    private static JsonValue Typed(string type, params (string Name, JsonValue Value)[] members) =>
        Object(["type"], [("type", Word(type)), .. members]);
}
