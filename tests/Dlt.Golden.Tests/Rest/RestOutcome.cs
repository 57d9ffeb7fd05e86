using Dlt.Json;

namespace Dlt.Golden.Rest;

/// <summary>Compares how a run ended.</summary>
internal static class RestOutcome
{
    public static IEnumerable<string> Problems(JsonValue expected, string? step, Exception? error)
    {
        if (error is not null and not DltException and not ArgumentException) yield return $"outcome: an accident in {step}: {error}";
        if (expected["ok"] is { Kind: JsonKind.True })
        {
            if (error is not null) yield return $"outcome: no error was expected in {step}: {error.Message}";
            yield break;
        }

        if (expected["endless"] is not null)
        {
            yield return "outcome: the reference never ends; the case needs an expectation of its own";
            yield break;
        }

        if (error is null)
        {
            yield return $"outcome: no error came, but in {expected["step"]} {expected["errors"]}";
            yield break;
        }

        var wanted = expected["step"]!.AsString();
        if (step != wanted) yield return $"outcome: the error came in {step}, not {wanted}: {error.Message}";
        var text = TextOf(error);
        foreach (var word in Words(expected["mentions"]))
            if (!text.Contains(word, StringComparison.OrdinalIgnoreCase)) yield return $"outcome: the error lacks '{word}': {text}";
        foreach (var word in Words(expected["hides"]))
            if (text.Contains(word, StringComparison.Ordinal)) yield return $"outcome: the error shows '{word}': {text}";
    }

    private static IEnumerable<string> Words(JsonValue? words) => (words?.Items ?? []).Select(w => w.AsString());

    private static string TextOf(Exception error) =>
        error.InnerException is { } inner ? error.Message + "\n" + TextOf(inner) : error.Message;
}
