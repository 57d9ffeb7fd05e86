namespace Dlt.Configuration;

/// <summary>A value of a project template that was never filled in.</summary>
/// <param name="File">The file, or the provider where there is none.</param>
/// <param name="Key">The full key.</param>
/// <param name="Value">What stands there.</param>
internal sealed record Placeholder(string File, string Key, string Value);

/// <summary>Values of project templates that were never filled in.</summary>
internal static class Placeholders
{
    public static bool IsPlaceholder(string value) =>
        value is "<configure me>" or "…" or "..." || value.StartsWith("please set me up", StringComparison.OrdinalIgnoreCase)
        || (value.StartsWith("s3://[", StringComparison.Ordinal) && value.Contains(']', StringComparison.Ordinal));

    /// <summary>All of them in one message.</summary>
    /// <param name="left">One or more.</param>
    /// <param name="isOfDestination">True: a local account needs none of them.</param>
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
