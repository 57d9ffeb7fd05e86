using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Pipelines;

/// <summary>Compares the state of a pipeline.</summary>
internal static class StateChecks
{
    public static void Check(JsonValue expected, JsonValue actual)
    {
        foreach (var (key, value) in expected.Members)
        {
            // Python prints a set of hashes in any order, so two of them make the hash of the state another one each time (README of
            // dlt/pipelines).
            if (key == "_local" || (key == "_version_hash" && HasHashSet(expected))) continue;
            Assert.True(actual[key] is not null, $"state has no {key}");
            Assert.Equal($"{key}: {JsonText.Write(WithSortedHashes(value), sortKeys: true)}",
                $"{key}: {JsonText.Write(WithSortedHashes(actual[key]!), sortKeys: true)}");
        }
    }

    private static bool HasHashSet(JsonValue state) => state.Kind == JsonKind.Object
        && state.Members.Any(m => (m.Key == "unique_hashes" && m.Value.Items.Length > 1) || HasHashSet(m.Value));

    public static JsonValue WithSortedHashes(JsonValue state) => state.Kind != JsonKind.Object
        ? state
        : JsonValue.Object(state.Members.Select(m => KeyValuePair.Create(
            m.Key, m.Key == "unique_hashes"
                ? JsonValue.Array([.. m.Value.Items.OrderBy(h => h.AsString(), StringComparer.Ordinal)]) : WithSortedHashes(m.Value))));
}
