using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Pipelines;

/// <summary>A write disposition of a case: a word, or an object with options that the table's schema keeps.</summary>
/// <param name="Disposition">The disposition.</param>
/// <param name="Options">Properties of the table.</param>
internal sealed record CaseDisposition(WriteDisposition Disposition, IReadOnlyList<KeyValuePair<string, JsonValue>> Options)
{
    public static CaseDisposition? Of(JsonValue? disposition)
    {
        if (disposition is null or { Kind: JsonKind.Null }) return null;
        if (disposition.Kind != JsonKind.Object) return new(Parse(disposition), []);
        var options = new List<KeyValuePair<string, JsonValue>>();
        foreach (var (key, value) in disposition.Members.Where(m => m.Key != "disposition"))
        {
            options.Add(key switch
            {
                "strategy" => new("x-merge-strategy", value),
                "deduplicated" => new("x-stage-data-deduplicated", value),
                _ => throw new NotDrivenException($"the member 'write_disposition.{key}'"),
            });
        }

        return new(Parse(disposition["disposition"]!), options);
    }

    private static WriteDisposition Parse(JsonValue word) => Enum.Parse<WriteDisposition>(word.AsString(), ignoreCase: true);
}
