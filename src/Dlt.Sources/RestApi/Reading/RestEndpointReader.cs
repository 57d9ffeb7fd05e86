using System.Globalization;
using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>Reads an endpoint.</summary>
internal static class RestEndpointReader
{
    private static readonly string[] Keys =
    [
        "path", "method", "params", "json", "data", "headers", "paginator", "auth", "data_selector", "response_actions", "incremental",
    ];

    private static readonly Dictionary<string, string> Methods = new() { ["GET"] = "GET", ["POST"] = "POST" };

    private static readonly Dictionary<string, string> ParamTypes = new() { ["incremental"] = "incremental", ["resolve"] = "resolve" };

    /// <exception cref="ConfigurationException">The value is not an endpoint.</exception>
    public static RestEndpoint Read(DocumentNode node)
    {
        node.Object(Keys);
        return new()
        {
            Path = node["path"]?.Text(),
            Method = node["method"]?.Word(Methods),
            Params = node["params"] is { } parameters ? Params(parameters) : null,
            Json = node["json"]?.Value,
            Data = Data(node["data"]),
            Headers = node["headers"] is { } headers ? RestConfigReader.Headers(headers) : null,
            Paginator = node["paginator"] is { } paginator ? RestPaginatorReader.Read(paginator) : null,
            Auth = node["auth"] is { } auth ? RestAuthReader.Read(auth) : null,
            DataSelector = node["data_selector"]?.Text(),
            ResponseActions = node["response_actions"] is { } actions ? [.. actions.Items().Select(Action)] : default,
            Incremental = node["incremental"] is { } incremental ? RestIncrementalReader.OfEndpoint(incremental) : null,
        };
    }

    private static RestParams Params(DocumentNode node) =>
        RestParams.Of(node.Members().Select(p => KeyValuePair.Create(p.Name, Param(p.Value))));

    private static RestParam Param(DocumentNode node)
    {
        if (!node.IsObject) return RestParam.FromJson(node.Value);
        var type = node["type"] ?? throw node.Error(
            "is an object without 'type'. Use 'incremental' or 'resolve', or write the parameter as a text, number, boolean or list.");
        if (type.Word(ParamTypes) == "incremental") return RestIncrementalReader.OfParam(node);
        node.Object(["type", "resource", "field"]);
        return new RestParam.Resolve(node.Required("resource").Text(), node.Required("field").Text());
    }

    /// <summary>A text, an object, or a list of pairs.</summary>
    private static JsonValue? Data(DocumentNode? node)
    {
        if (node is null || node.IsText || node.IsObject) return node?.Value;
        foreach (var pair in node.Items())
            if (pair.Value.Kind != JsonKind.Array || pair.Value.Items.Length != 2) throw pair.Wrong("a pair of name and value");
        return node.Value;
    }

    private static RestResponseAction Action(DocumentNode node)
    {
        node.Object(["status_code", "content", "action"]);
        if (node["action"] is { } action && (!action.IsText || action.Text() != "ignore"))
            throw action.Error("is not known; 'ignore' is. A function is written in C#, as Calls of the response action.");
        return new()
        {
            StatusCode = node["status_code"] is { } status ? Status(status) : null,
            Content = node["content"]?.Text(),
            IsIgnored = node["action"] is not null,
        };
    }

    /// <summary>A number, or a text that is a number.</summary>
    private static int Status(DocumentNode node) =>
        node.IsText && int.TryParse(node.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : node.Int();
}
