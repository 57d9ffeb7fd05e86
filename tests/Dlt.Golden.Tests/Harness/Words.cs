using Dlt.Json;

namespace Dlt.Golden.Harness;

/// <summary>The words that a driver knows. A case with another word is not driven.</summary>
internal static class Words
{
    /// <exception cref="NotDrivenException">The object has another member.</exception>
    public static void Check(JsonValue json, string place, params ReadOnlySpan<string> known)
    {
        foreach (var name in json.Members.Names)
            if (!known.Contains(name)) throw new NotDrivenException($"the member '{place}.{name}'");
    }
}
