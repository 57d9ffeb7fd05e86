using System.Collections.Immutable;
using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>Reads incremental loading, in both forms: of an endpoint, and as a parameter.</summary>
internal static class RestIncrementalReader
{
    private static readonly ImmutableArray<string> CursorKeys =
    [
        "cursor_path", "initial_value", "end_value", "last_value_func", "primary_key", "row_order", "range_start", "range_end",
        "on_cursor_value_missing", "lag", "convert", "allow_external_schedulers",
    ];

    private static readonly ImmutableArray<string> EndpointKeys = [.. CursorKeys, "start_param", "end_param"];

    private static readonly ImmutableArray<string> ParamKeys = ["type", .. CursorKeys];

    private static readonly Dictionary<string, LastValueFunc> Functions =
        new() { ["max"] = LastValueFunc.Max, ["min"] = LastValueFunc.Min };

    private static readonly Dictionary<string, RowOrder> Orders = new() { ["asc"] = RowOrder.Asc, ["desc"] = RowOrder.Desc };

    private static readonly Dictionary<string, RangeBound> Bounds =
        new() { ["closed"] = RangeBound.Closed, ["open"] = RangeBound.Open };

    private static readonly Dictionary<string, CursorValueMissing> Missing = new()
    {
        ["raise"] = CursorValueMissing.Raise,
        ["include"] = CursorValueMissing.Include,
        ["exclude"] = CursorValueMissing.Exclude,
    };

    /// <exception cref="ConfigurationException">The value is not such a setting.</exception>
    public static RestIncremental OfEndpoint(DocumentNode node) =>
        Read(node.Object(EndpointKeys)) with { StartParam = node["start_param"]?.Text(), EndParam = node["end_param"]?.Text() };

    /// <exception cref="ConfigurationException">The value is not such a parameter.</exception>
    public static RestIncremental OfParam(DocumentNode node) => Read(node.Object(ParamKeys));

    private static RestIncremental Read(DocumentNode node)
    {
        if (node["convert"] is { } convert)
            throw convert.Error("must be a function, which a document cannot have. In C# set Convert of the incremental.");
        return new(new Incremental(node.Required("cursor_path").Text())
        {
            InitialValue = node["initial_value"]?.Guessed,
            EndValue = node["end_value"]?.Guessed,
            LastValueFunc = node["last_value_func"]?.Word(Functions) ?? LastValueFunc.Max,
            PrimaryKey = node["primary_key"]?.Texts(),
            RowOrder = node["row_order"]?.Word(Orders),
            RangeStart = node["range_start"]?.Word(Bounds) ?? RangeBound.Closed,
            RangeEnd = node["range_end"]?.Word(Bounds) ?? RangeBound.Open,
            OnCursorValueMissing = node["on_cursor_value_missing"]?.Word(Missing) ?? CursorValueMissing.Raise,
            PlainLag = Lag(node["lag"]),
        });
    }

    private static double? Lag(DocumentNode? node) =>
        node is null ? null
            : node.Guessed is { Kind: JsonKind.Integer or JsonKind.Real } number ? number.AsDouble()
            : throw node.Wrong("a number");
}
