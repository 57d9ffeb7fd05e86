using System.Collections.Immutable;

namespace Dlt.Sources.Rest;

/// <summary>Changes the records of a page: fields of the parent are added, then the processing steps run.</summary>
internal static class RestSteps
{
    /// <summary>Returns the records with fields of the parent. A scalar becomes an object with the field <c>value</c>.</summary>
    public static IEnumerable<JsonValue> Include(IEnumerable<JsonValue> records, IReadOnlyList<KeyValuePair<string, JsonValue>> fields)
    {
        if (fields.Count == 0) return records;
        return records.Select(record => JsonValue.Object(
            (record.Kind == JsonKind.Object ? record.Members.AsEnumerable() : [KeyValuePair.Create("value", record)]).Concat(fields)));
    }

    /// <summary>Returns the records after all steps.</summary>
    public static IEnumerable<JsonValue> Process(IEnumerable<JsonValue> records, ImmutableArray<RestStep> steps) =>
        steps.Aggregate(records, (all, step) => step switch
        {
            RestStep.Filter filter => all.Where(filter.Keep),
            RestStep.Map map => all.Select(map.Change),
            RestStep.YieldMap map => all.SelectMany(map.Change),
            _ => throw new InvalidOperationException($"The step {step.GetType().Name} is unknown."),
        });
}
