namespace Dlt.Configuration;

/// <summary>A value of a project template that was not replaced.</summary>
/// <param name="File">File that contains the value, or the name of a provider without files.</param>
/// <param name="Key">Full key of the setting.</param>
/// <param name="Value">The placeholder text.</param>
internal sealed record Placeholder(string File, string Key, string Value);

/// <summary>Recognises the placeholders of project templates.</summary>
internal static class Placeholders
{
    public static bool IsPlaceholder(string value) =>
        value is "<configure me>" or "…" or "..." || value.StartsWith("please set me up", StringComparison.OrdinalIgnoreCase)
        || (value.StartsWith("s3://[", StringComparison.Ordinal) && value.Contains(']', StringComparison.Ordinal));

    /// <summary>Creates one error for all remaining placeholders.</summary>
    /// <param name="left">One or more placeholders.</param>
    /// <param name="isOfDestination">True when a local account needs none of the settings.</param>
    public static ConfigurationException Error(IReadOnlyList<Placeholder> left, bool isOfDestination)
    {
        var what = left.Count == 1
            ? $"{left[0].File}: '{left[0].Key}' still reads '{left[0].Value}'. Nothing was run and nothing was written."
            : $"{left.Count} settings were never filled in. Nothing was run and nothing was written.\n"
                + string.Join("\n", left.Select(p => $"  {p.File}: '{p.Key}' still reads '{p.Value}'"));
        var values = left.Count == 1 ? "the real value" : "the real values";
        var remedy = isOfDestination
            ? $"\n  - Put {values} there to load into AWS, or\n  - add --local to run without an AWS account, in the folder .dlt-local."
            : $"\nPut {values} there and run again.";
        return new(what + remedy) { File = left[0].File, Fields = [.. left.Select(p => p.Key)] };
    }
}
