using Dlt.Json;

namespace Dlt.Golden.Rest;

/// <summary>A request of a case with its answer, and how often it was made.</summary>
internal sealed class CaseExchange(JsonValue golden)
{
    public JsonValue Request { get; } = golden["request"]!;

    public JsonValue Response { get; } = golden["response"]!;

    /// <summary>True for a request for a token, which may be made any number of times.</summary>
    public bool IsAuth => golden["auth"] is { Kind: JsonKind.True };

    public string? Resource => golden["resource"]?.AsString();

    public long Series => golden["series"]?.AsInt64() ?? 0;

    /// <summary>The request came at least so many seconds after the one before; null for no such fact.</summary>
    public double? Wait => golden["wait"]?.AsDouble();

    public bool IsUsed { get; set; }

    public override string ToString() =>
        $"{Request["method"]!.AsString()} {Request["host"]?.AsString()}{Request["path"]!.AsString()} {Request["query"]} {Request["body"]}";
}
